import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes

extension TextEvaluation {
  /// Texts that are written again from their own z; nil where no record has all that this needs.
  func reconstruction() throws -> (report: TextReport.Reconstruction, sheet: TextSheet)? {
    let records = Array(test.prefix(settings.read))
    guard !records.isEmpty else { return nil }
    let (styles, conditions) = try styles(of: records)
    let written = try draw(conditions, Self.mostProbable, styles: styles)
    let own = texts(records)
    let units = own.map(self.units.numbers)
    let overlaps = zip(written, units).map { TextOverlap.f1(self.units.numbers(of: $0), $1) }
    let others = zip(units.dropFirst() + units.prefix(1), units).map { TextOverlap.f1($0, $1) }
    let report = TextReport.Reconstruction(
      records: records.count, f1: Moments(overlaps).estimate,
      baseline: records.count > 1 ? Moments(others).estimate : nil)
    let shown = zip(own, written).prefix(settings.shown).map { [$0, $1] }
    return (
      report,
      sheet(
        "Reconstructions",
        reading:
          "Held-out texts, and the most probable text under the mean of each one's z: what both "
          + "share is what z keeps.",
        headings: ["text", "reconstruction"], rows: shown)
    )
  }

  /// Nil where references would say little: where nothing, or one category, is given.
  func references() throws -> (report: TextReport.References, sheet: TextSheet)? {
    let given = model.model.givenFields
    let isOneCategory = given.count == 1 && given.allSatisfy(\.isCategory)
    let records = Array(test.prefix(settings.read))
    guard !given.isEmpty, !isOneCategory, !records.isEmpty else { return nil }
    let written = try draw(conditions(of: records), Self.mostProbable, temperature: 0)
    let own = texts(records)
    let references = own.map(units.numbers)
    let source = given.first(where: \.isText)
    let sources = source.flatMap { source in
      data.records[source.name].map { column in records.map { column.text(Int($0)) ?? "" } }
    }
    let length = Moments(references.map { Double($0.count) }).mean
    let beginnings = sources?.map { text in
      Array(units.numbers(of: text).prefix(max(1, Int(length.rounded()))))
    }
    let report = TextReport.References(
      records: records.count,
      generated: TextReport.References.Scores(written.map(units.numbers), references),
      given: source?.name,
      beginning: beginnings.map { TextReport.References.Scores($0, references) })
    let rows = records.indices.prefix(settings.shown).map { row in
      (sources.map { [$0[row]] } ?? []) + [written[row], own[row]]
    }
    return (
      report,
      sheet(
        "Most probable texts beside those of the records",
        reading: "Of held-out records; what is generated was found by a beam search under each "
          + "one's conditions.",
        headings: (source.map { [$0.name] } ?? []) + ["generated", "reference"], rows: rows)
    )
  }
}
