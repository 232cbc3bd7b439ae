import TensorGraph
import TestSupport
import Testing

@testable import OneDNNExecution

/// How parameters and moments lie in memory.
@Suite struct ArenaTests {
  private struct Trained {
    let model: SmallModel
    let session: OneDNNSession
    let storages: [ParameterStorage]

    init(_ precision: Precision, momentsBefore: Bool = false) throws {
      model = try SmallModel()
      let made = try OneDNNExecutor(precision: precision, threads: 2).makeSession(for: model.store)
      session = try #require(made as? OneDNNSession)
      if momentsBefore {
        let parameter = model.store.parameters[0]
        let ones = [Float](repeating: 1, count: parameter.shape.count)
        try session.setMoments(first: ones, second: ones, of: parameter)
      }
      _ = try model.train(session, steps: 3)
      storages = model.store.parameters.map { [session] in session.storage($0.name) }
    }
  }

  private static let precisions = Precision.allCases.filter(OneDNNExecutor.supports)

  @Test(arguments: precisions, [false, true])
  func eachKindIsContiguous(precision: Precision, momentsBefore: Bool) throws {
    let trained = try Trained(precision, momentsBefore: momentsBefore)
    let storages = trained.storages
    let kinds = [
      storages.map(\.values), try storages.map { try #require($0.first) },
      try storages.map { try #require($0.second) },
    ]
    for memories in kinds {
      var end: UnsafeMutableRawPointer?
      for (storage, memory) in zip(storages, memories) {
        #expect(Int(bitPattern: memory.pointer) % 64 == 0)
        #expect(memory.bytes >= storage.layout.paddedCount * 4)
        if let end { #expect(memory.pointer == end, "\(storage.parameter.name)") }
        end = memory.pointer + memory.bytes
      }
    }
  }

  /// After training, memory holds each parameter's numbers and moments, and else zeros alone.
  @Test(arguments: precisions)
  func paddingStaysZero(precision: Precision) throws {
    let trained = try Trained(precision)
    #expect(trained.storages.contains { $0.layout.paddedCount > $0.parameter.shape.count })
    for storage in trained.storages {
      for memory in [storage.values, try #require(storage.first), try #require(storage.second)] {
        let raw = UnsafeBufferPointer(
          start: memory.pointer.assumingMemoryBound(to: Float.self), count: memory.bytes / 4)
        let numbers = try storage.export(memory.pointer)
        #expect(raw.filter { $0 != 0 }.sorted() == numbers.filter { $0 != 0 }.sorted())
      }
    }
  }

  /// A program that reads part of the parameters settles them; the rest follow with the next program.
  @Test func programsAfterTheFirstFindTheirParameters() throws {
    let model = try SmallModel()
    let made = try OneDNNExecutor(threads: 1).makeSession(for: model.store)
    let session = try #require(made as? OneDNNSession)
    let parameter = model.store.parameters[3]
    var graph = Graph()
    let doubled = graph.output(graph.scale(graph.read(parameter), by: 2))
    let reader = try session.compile(Program(graph: graph))
    let place = session.storage(parameter.name).values.pointer
    _ = try model.train(session, steps: 2)
    #expect(session.storage(parameter.name).values.pointer == place)
    try reader.run(at: RandomPosition(seed: 1, step: 0))
    let values = try session.value(of: parameter)
    #expect(reader.output(doubled) == values.map { 2 * $0 })
    let other = try OneDNNExecutor(threads: 1).makeSession(for: model.store)
    _ = try model.train(other, steps: 2)
    #expect(try model.values(other) == model.values(session))
  }

  /// Programs share the memory of what they compute on the way; inputs and outputs stay their own.
  @Test func programsRunInTurns() throws {
    let session = try OneDNNExecutor(threads: 1).makeSession(for: ParameterStore(seed: 1))
    func program(_ rows: Int) throws -> (any CompiledProgram, Port<Float>, Port<Float>) {
      var graph = Graph()
      let x = graph.input([rows, 8])
      var node = x.node
      for _ in 0..<3 { node = graph.tanh(try graph.add(node, graph.square(node))) }
      let output = graph.output(node)
      return (try session.compile(Program(graph: graph)), x, output)
    }
    let programs = try [3, 300, 40].map(program)
    for (place, program) in programs.enumerated() {
      program.0.withInput(program.1) { input in
        for index in input.indices { input[index] = Float(index % 7 + place) / 10 }
      }
    }
    var first: [[Float]] = []
    for program in programs {
      try program.0.run(at: RandomPosition(seed: 1, step: 0))
      first.append(program.0.output(program.2))
    }
    #expect(programs.map { $0.0.output($0.2) } == first)
    for program in programs.reversed() { try program.0.run(at: RandomPosition(seed: 1, step: 0)) }
    #expect(programs.map { $0.0.output($0.2) } == first)
    #expect(Set(first[1]).count == 7 && first[0][1] != first[1][1])
  }
}
