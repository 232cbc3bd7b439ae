import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

extension TrainedModel {
  /// The run that the file belongs to, as the `run.json` beside it describes it.
  public var runDescription: RunDescription? {
    path.flatMap { RunDirectory(($0 as NSString).deletingLastPathComponent).runDescription }
  }

  /// What the model is and where it comes from, as plain text for people.
  public var summary: String { summary(listsParameters: false) }

  /// The same, optionally with the name and the shape of every parameter.
  public func summary(listsParameters: Bool) -> String {
    var lines = ["Fields"] + fieldLines
    if !model.decidedFields.isEmpty {
      lines += ["", "Only combinations of training records are drawn"]
      lines += model.decidedFields.map { "  " + $0 }
    }
    lines += ["", "Training"] + originLines
    let networks = model.parameterCounts.map { "\($0.network) \($0.count)" }
    lines += ["", "Parameters: \(model.store.count)"]
    lines +=
      listsParameters
      ? model.architectureSummary.map { "  " + $0 } : ["  " + NameList.text(networks, atMost: 12)]
    lines += ["", "Likelihoods"] + likelihoodLines
    lines += ["", "Settings that differ from the defaults"] + settingLines
    return lines.joined(separator: "\n")
  }

  /// A line for each field, and for each column that was left out.
  private var fieldLines: [String] {
    let fields = schema.fields.map { field in
      let summary = preprocessing.summary(of: field, levels: Self.mostLevels)
      let hasHoles = field.mayBeMissing ? "; may be missing" : ""
      return "  \(field.name): \(roles.name(of: field.name)), \(summary)\(hasHoles)"
    }
    let columns = preprocessing.leftOut.map { name in
      "  \(name): left out" + (preprocessing.reasonsLeftOut[name].map { ", as \($0)" } ?? "")
    }
    return fields + columns
  }

  /// The most levels of a category that are listed; the JSON form has all.
  private static let mostLevels = 30

  /// Data, steps and processes of the training.
  private var originLines: [String] {
    let sessions = runDescription?.sessions ?? []
    let data = sessions.last.map { " of \($0.data)" } ?? ""
    return [
      "  \(NameList.count(provenance.trainingRecords, "record"))\(data), fingerprint "
        + "\(provenance.dataFingerprint)",
      "  \(NameList.count(provenance.epochs, "epoch")), \(NameList.count(provenance.steps, "step")), "
        + "\(provenance.precision.rawValue), seed \(provenance.seed), by \(provenance.tool) "
        + "\(provenance.version)",
    ]
      + sessions.suffix(Self.mostSessions).map { session in
        "  from \(session.startedAt)" + (session.endedAt.map { " to \($0)" } ?? "")
          + " on \(session.host) (\(session.system)): \(session.outcome ?? "not ended")"
      }
      + (sessions.last.map { ["  by: \($0.commandLine.joined(separator: " "))"] } ?? [])
  }

  /// The most processes that are listed, the last ones.
  private static let mostSessions = 3

  /// `  mixture: price and date` and so on.
  private var likelihoodLines: [String] {
    let kinds = Dictionary(grouping: objective.likelihood.keys.sorted()) { name in
      objective.likelihood[name]?.rawValue ?? ""
    }
    return kinds.sorted { $0.key < $1.key }.map { kind, names in
      "  \(kind): \(NameList.text(names, atMost: 12))"
    }
  }

  /// `  training.epochs: 30 (default 80)` and so on.
  private var settingLines: [String] {
    let isOfTable = !preprocessing.forms.isEmpty || !preprocessing.quantiles.isEmpty
    let usual = isOfTable ? RunConfiguration.table : RunConfiguration()
    let differences = (try? provenance.configuration.differences(from: usual)) ?? []
    if differences.isEmpty { return ["  none"] }
    return differences.map { difference in
      "  \(difference.key): \(difference.own ?? "none")"
        + (difference.other.flatMap { $0 == "[]" ? nil : " (default \($0))" } ?? "")
    }
  }

  private struct Summary: Encodable {
    let schema: RecordSchema
    let roles: Roles
    let architecture: ModelArchitecture
    let parameters: Int
    let tensors: [String: [Int]]
    let preprocessing: Preprocessing
    let objective: ModelObjective
    let provenance: ModelProvenance
    let run: RunDescription?
  }

  /// The same as one JSON object with sorted keys.
  public func summaryJSON() throws -> String {
    try JSONText.string(
      Summary(
        schema: schema, roles: roles,
        architecture: ModelArchitecture(
          given: roles.givenNames, model: model.configuration, acceptsMissing: model.acceptsMissing),
        parameters: model.store.count, tensors: tensors.mapValues(\.shape),
        preprocessing: preprocessing, objective: objective, provenance: provenance,
        run: runDescription))
  }
}
