public import CVAEModels
public import ConditionalData
import RecordTypes
public import TensorGraph

/// Writes records of a data set into a program's inputs.
///
/// Nothing is copied on the way, and nothing is allocated. Values of given fields that are missing,
/// or that conditional dropout takes away, become "any". Each record of a masked field gets a mask.
public struct BatchFiller: Sendable {
  /// A field that the program reads.
  private struct Source {
    let name: String
    let column: Int
    let width: Int
    let isCategory: Bool
    let isGiven: Bool
    /// The level that stands for "any".
    let anyLevel: Int32?
    /// The input that says where a real field is missing.
    let missingName: String?
    /// Whether some record lacks the field.
    let hasMissing: Bool
    let dropout: RandomPurpose
  }

  private let sources: [Source]
  private let masks: [MaskFiller]
  private let rows: RowFiller
  private let reader: BatchReader
  private let recordsName: String?

  /// Prepares to fill the inputs of `program` from `data`.
  ///
  /// - Parameters:
  ///   - masks: What hides cells of masked fields; nothing of them is given where left out.
  ///   - prefix: What the inputs' names begin with, for a second set of fields.
  /// - Throws: ``UnknownName`` where the data lack a field, ``TrainingFailure`` where they have
  ///   another kind of it, or miss values that the model can't do without.
  public init(
    program: Program, model: ConditionalVAE, data: DataSet, preprocessing: Preprocessing,
    masks: MaskDistribution = .nothingGiven, prefix: FieldPrefix? = nil
  ) throws {
    let prefix = prefix?.rawValue ?? ""
    let names = Self.inputNames(of: program.graph)
    let recordsName = prefix + ProgramInput.records.rawValue
    self.recordsName = names.contains(recordsName) ? recordsName : nil
    reader = BatchReader(dataSet: data, preprocessing: preprocessing)
    self.masks = model.maskedInputs.filter {
      $0.field.isImage && names.contains(prefix + $0.mask.name)
    }.map { MaskFiller($0, masks: masks) }
    let read = model.inputs.filter { names.contains(prefix + $0.name) }
    rows = try RowFiller(
      read.filter(\.isPartial), cells: model.rowCells, masked: model.roles.masked, masks: masks,
      prefix: prefix,
      names: names, reader: reader, data: data)
    sources = try read.filter { !$0.isPartial }.map { input in
      try Self.source(for: input, prefix: prefix, model: model, data: data)
    }
  }

  static func inputNames(of graph: Graph) -> Set<String> {
    Set(graph.namedInputs.keys)
  }

  private static func source(
    for input: FieldInput, prefix: String, model: ConditionalVAE, data: DataSet
  ) throws -> Source {
    let column = try data.column(of: input.field)
    let found = data.schema.fields[column]
    let values = data.columns[column]
    if values.hasMissing, !input.acceptsMissing {
      throw TrainingFailure.missingValues(
        field: found.name, missing: values.incompleteCount, records: data.count,
        isGiven: input.isGiven)
    }
    return Source(
      name: prefix + input.name, column: column, width: found.width, isCategory: found.isCategory,
      isGiven: input.isGiven, anyLevel: input.missingLevel,
      missingName: input.missingName.map { prefix + $0 },
      hasMissing: values.hasMissing, dropout: RandomPurpose("conditionDropout " + found.name))
  }

  /// Writes `records`, as many as the program's batch has.
  ///
  /// - Parameters:
  ///   - position: addresses the random numbers of conditional dropout and of masks.
  ///   - conditionDropout: the probability by which each given field of each record becomes "any".
  public func fill(
    _ program: any CompiledProgram, records: UnsafeBufferPointer<Int32>,
    at position: RandomPosition, conditionDropout: Double = 0
  ) {
    if let recordsName {
      program.withIndexInput(recordsName) { buffer in
        _ = buffer.update(fromContentsOf: records)
      }
    }
    for mask in masks { mask.fill(program, records: records, at: position) }
    rows.fill(program, records: records, at: position)
    for source in sources {
      let isUnknown = { (record: Int32) in
        source.hasMissing && !reader.isKnown(field: source.column, record: record)
          || source.isGiven && conditionDropout > 0
            && position.uniform(source.dropout, record: UInt32(bitPattern: record), column: 0)
              < conditionDropout
      }
      if source.isCategory {
        fillLevels(source, program, records, isUnknown)
      } else {
        fillReals(source, program, records, isUnknown)
      }
    }
  }

  private func fillLevels(
    _ source: Source, _ program: any CompiledProgram, _ records: UnsafeBufferPointer<Int32>,
    _ isUnknown: (Int32) -> Bool
  ) {
    program.withIndexInput(source.name) { buffer in
      reader.fillLevels(field: source.column, records: records, into: buffer)
      guard let anyLevel = source.anyLevel else { return }
      for (row, record) in records.enumerated() where isUnknown(record) { buffer[row] = anyLevel }
    }
  }

  private func fillReals(
    _ source: Source, _ program: any CompiledProgram, _ records: UnsafeBufferPointer<Int32>,
    _ isUnknown: (Int32) -> Bool
  ) {
    program.withInput(source.name) { buffer in
      reader.fillReals(field: source.column, records: records, into: buffer)
      guard source.missingName != nil else { return }
      for (row, record) in records.enumerated() where isUnknown(record) {
        let start = row * source.width
        buffer.extracting(start..<(start + source.width)).update(repeating: 0)
      }
    }
    guard let missingName = source.missingName else { return }
    program.withInput(missingName) { flags in
      for (row, record) in records.enumerated() { flags[row] = isUnknown(record) ? 1 : 0 }
    }
  }
}

extension DataSet {
  /// The place of a model's field.
  ///
  /// - Throws: `UnknownName` where the data lack it, ``TrainingFailure`` where they have another kind.
  func column(of field: Field) throws -> Int {
    let column = try schema.index(of: field.name)
    let found = schema.fields[column]
    guard found.kind == field.kind else {
      throw TrainingFailure.fieldDiffers(
        field: found.name, expected: field.kind.summary, actual: found.kind.summary)
    }
    return column
  }
}
