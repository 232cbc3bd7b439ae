import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph

/// Writes the fields of a row of which some are given and others generated, in each record others.
///
/// A mask is drawn for each record, with a cell for each field; the field that tells of a number's absence
/// goes with the number. A value that is missing is neither given nor generated. Nothing is allocated.
struct RowFiller {
  private struct Source {
    let input: FieldInput
    let column: Int
    /// The cell of the record's mask.
    let cell: Int
    /// The program's inputs; nil for those that it doesn't read.
    let known: String?
    let mask: String?
    let target: String?
    let seen: String?
  }

  private let sources: [Source]
  private let masks: MaskDistribution
  private let grid: CellGrid
  private let prefix: String
  private let reader: BatchReader

  private static let purpose = MaskDistribution.purpose(field: "of the row")

  /// - Throws: what data that lack a field, or have another kind of it, deserve.
  init(
    _ inputs: [FieldInput], cells all: [String], masked: [String], masks: MaskDistribution,
    prefix: String,
    names: Set<String>, reader: BatchReader, data: DataSet
  ) throws {
    let present = { (name: String) in names.contains(prefix + name) ? prefix + name : nil }
    let cells = inputs.map { $0.field.absenceOf ?? $0.field.name }
    let order = all.filter(cells.contains)
    sources = try zip(inputs, cells).map { input, cell in
      let isMasked = masked.contains(input.field.name)
      return Source(
        input: input, column: try data.column(of: input.field),
        cell: order.firstIndex(of: cell) ?? 0,
        known: isMasked && input.field.isCategory ? present(input.known.name) : nil,
        mask: isMasked && !input.field.isCategory ? present(input.mask.name) : nil,
        target: input.field.isCategory ? nil : present(input.target.name),
        seen: input.field.isCategory ? present(input.seen.name) : nil)
    }
    self.masks = inputs.contains { masked.contains($0.field.name) } ? masks : .nothingGiven
    grid = CellGrid(height: 1, width: max(1, order.count))
    self.prefix = prefix
    self.reader = reader
  }

  func fill(
    _ program: any CompiledProgram, records: UnsafeBufferPointer<Int32>,
    at position: RandomPosition
  ) {
    if sources.isEmpty { return }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: records.count * grid.count) { cells in
      for (row, record) in records.enumerated() {
        let draws = MaskDraws(
          position: position, purpose: Self.purpose, record: UInt32(bitPattern: record))
        masks.fill(cells.extracting(row * grid.count..<(row + 1) * grid.count), grid, draws)
      }
      for source in sources {
        if source.input.field.isCategory {
          fillLevels(source, program, records, cells)
        } else {
          fillReals(source, program, records, cells)
        }
      }
    }
  }

  private func fillLevels(
    _ source: Source, _ program: any CompiledProgram, _ records: UnsafeBufferPointer<Int32>,
    _ cells: UnsafeMutableBufferPointer<Float>
  ) {
    guard let none = source.input.missingLevel else { return }
    if let known = source.known {
      program.withIndexInput(known) { buffer in
        reader.fillLevels(field: source.column, records: records, into: buffer)
        for row in records.indices
        where !isKnown(source, records[row]) || cell(row, source, cells) != 1 {
          buffer[row] = none
        }
      }
    }
    if let seen = source.seen {
      program.withIndexInput(seen) { buffer in
        reader.fillLevels(field: source.column, records: records, into: buffer)
        for row in records.indices
        where !isKnown(source, records[row]) || cell(row, source, cells) == MaskDistribution.hidden {
          buffer[row] = none
        }
      }
    }
    program.withIndexInput(prefix + source.input.name) { buffer in
      reader.fillLevels(field: source.column, records: records, into: buffer)
      for row in records.indices
      where !isKnown(source, records[row]) || cell(row, source, cells) != 0 {
        buffer[row] = none
      }
    }
  }

  private func fillReals(
    _ source: Source, _ program: any CompiledProgram, _ records: UnsafeBufferPointer<Int32>,
    _ cells: UnsafeMutableBufferPointer<Float>
  ) {
    let width = source.input.field.width
    withUnsafeTemporaryAllocation(of: Bool.self, capacity: records.count) { isPresent in
      program.withInput(prefix + source.input.name) { values in
        reader.fillReals(field: source.column, records: records, into: values)
        for row in records.indices {
          let own = values.extracting(row * width..<(row + 1) * width)
          isPresent[row] =
            cell(row, source, cells) != MaskDistribution.hidden && isKnown(source, records[row])
          if !isPresent[row] { own.update(repeating: 0) }
        }
      }
      for (name, wanted) in [(source.mask, Float(1)), (source.target, 0)] {
        guard let name else { continue }
        program.withInput(name) { buffer in
          for row in records.indices {
            buffer[row] = isPresent[row] && cell(row, source, cells) == wanted ? 1 : 0
          }
        }
      }
    }
  }

  private func isKnown(_ source: Source, _ record: Int32) -> Bool {
    reader.isKnown(field: source.column, record: record)
  }

  private func cell(
    _ row: Int, _ source: Source, _ cells: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    cells[row * grid.count + source.cell]
  }
}
