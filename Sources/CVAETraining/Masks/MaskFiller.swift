import CVAEModels
import RecordTypes
import TensorGraph

/// Writes the masks of one field into a program's input. Nothing is allocated.
struct MaskFiller {
  private let name: String
  private let grid: CellGrid
  private let purpose: RandomPurpose
  private let masks: MaskDistribution

  init(_ input: FieldInput, masks: MaskDistribution) {
    name = input.mask.name
    grid = input.field.cells
    purpose = MaskDistribution.purpose(field: input.field.name)
    self.masks = masks
  }

  func fill(
    _ program: any CompiledProgram, records: UnsafeBufferPointer<Int32>,
    at position: RandomPosition
  ) {
    program.withInput(name) { buffer in
      for (row, record) in records.enumerated() {
        let start = row * grid.count
        let draws = MaskDraws(
          position: position, purpose: purpose, record: UInt32(bitPattern: record))
        masks.fill(buffer.extracting(start..<start + grid.count), grid, draws)
      }
    }
  }
}
