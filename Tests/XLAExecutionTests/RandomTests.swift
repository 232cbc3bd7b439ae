import TensorGraph
import Testing
import XLAExecution

@Suite(.enabledForXLA) struct RandomTests {
  /// Numbers of all columns, bit for bit those of Philox, also for record numbers and seeds beyond 31 bits.
  @Test(arguments: [(1, 0), (0xFFFF_FFFF_0000_0001, 40), (77, UInt32.max)] as [(UInt64, UInt32)])
  func uniformNumbersAreThoseOfPhilox(seed: UInt64, step: UInt32) throws {
    var graph = Graph()
    let records = graph.indexInput([5])
    let purpose = RandomPurpose("test")
    let output = graph.output(graph.uniform(purpose, records: records.node, columns: 11))
    let session = try TestPlugin.executor().makeSession(for: ParameterStore(seed: 1))
    let program = try session.compile(Program(graph: graph))
    let numbers: [Int32] = [0, 1, 17, .max, -3]
    program.withInput(records) { _ = $0.update(fromContentsOf: numbers) }
    let position = RandomPosition(seed: seed, step: step)
    try program.run(at: position)
    let drawn = program.output(output)
    for (index, number) in drawn.enumerated() {
      let record = UInt32(bitPattern: numbers[index / 11])
      let word = position.words(purpose, record: record, block: UInt32(index % 11 / 4))
      let bits = word[index % 11 % 4] >> 8
      #expect(number == min((Float(bits) + 0.5) * 0x1p-24, 0x1.fffffep-1))
    }
  }
}
