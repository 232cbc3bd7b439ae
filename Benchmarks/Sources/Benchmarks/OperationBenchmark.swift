import OneDNNExecution
import TensorGraph

/// Every operation of the catalogue by itself, beside what the machine gives in the same run: a copy
/// for what moves bytes, one large product for products.
struct OperationBenchmark {
  /// The list of cases lacks a kind.
  struct Incomplete: Error, CustomStringConvertible {
    let kinds: [OperationKind]
    var description: String {
      "Every kind of operation needs a case that runs it; OperationCase.all has none for "
        + "\(kinds.map(\.rawValue).joined(separator: ", "))."
    }
  }

  /// A line of a table.
  private struct Row {
    let work: OperationWork
    let seconds: Double
  }

  /// Bytes and operations in a second.
  private struct Machine {
    let copy: Double
    let product: Double

    /// What it needs for as much work.
    func seconds(for work: OperationWork) -> Double {
      max(Double(work.bytes) / copy, Double(work.flops) / product)
    }
  }

  let threads: Int
  private static let sizes = [
    (name: "inside the cache", elements: 1 << 18), (name: "outside the cache", elements: 1 << 24),
  ]

  /// Prints a table for each precision and size.
  ///
  /// - Throws: ``Incomplete``.
  func run() throws {
    var missing = Set(OperationKind.allCases)
    for precision in Precision.measured {
      let product = try productSpeed(precision)
      for size in Self.sizes {
        // Before and behind the table, as memory that has just been taken may be slow.
        let before = try copySpeed(size.elements)
        var rows: [String: Row] = [:]
        for each in OperationCase.all {
          try measure(each, size.elements, precision, into: &rows, missing: &missing)
        }
        let machine = Machine(
          copy: max(before, try copySpeed(size.elements)), product: product)
        print(
          "\nOperations in \(precision.rawValue), about \(size.elements) elements, \(size.name). "
            + "Copying: \((machine.copy / 1e9).text(1)) GB/s; product of 2048 × 2048 matrices: "
            + "\((product / 1e9).text(0)) GFLOP/s.")
        show(Array(rows.values), machine)
      }
    }
    let left = OperationKind.allCases.filter(missing.contains)
    guard left.isEmpty else {
      print("not measured: \(left.map(\.rawValue).joined(separator: ", "))")
      throw Incomplete(kinds: left)
    }
  }

  /// Adds the rows of one case, but none that another case gave before. With bfloat16 products, what is
  /// float32 all the same is left out.
  private func measure(
    _ each: OperationCase, _ elements: Int, _ precision: Precision,
    into rows: inout [String: Row], missing: inout Set<OperationKind>
  ) throws {
    var built = OperationGraph()
    let program = try built.program(of: each.build(&built, elements))
    let executor = OneDNNExecutor(precision: precision, threads: threads)
    let elementBytes = executor.elementBytes(in: program)
    let works = Plan(program).instructions.compactMap { instruction -> (String, OperationWork)? in
      guard let kind = OperationKind(instruction.kernel), each.kinds.contains(kind) else {
        return nil
      }
      let work = OperationWork(instruction, in: program.graph, elementBytes: elementBytes)
      let isNews = precision == .float32 || work.isNarrow
      // Less is the loss's or a small operand's.
      guard work.bytes > elements, isNews, rows[work.title] == nil else { return nil }
      missing.remove(kind)
      return (OperationTimes.label(of: instruction, in: program.graph), work)
    }
    guard !works.isEmpty else { return }
    let times = try OperationTimes(built, program, executor)
    for (label, work) in works {
      // What only renames its operand has no command.
      guard let seconds = times.seconds[label], rows[work.title] == nil else { continue }
      rows[work.title] = Row(work: work, seconds: seconds)
    }
  }

  private func show(_ rows: [Row], _ machine: Machine) {
    print("     ms   lost        rate   machine  share  (* below 60 %)")
    let lost = { (row: Row) in row.seconds - machine.seconds(for: row.work) }
    for row in rows.sorted(by: { lost($0) > lost($1) }) {
      let amount = Double(row.work.flops > 0 ? row.work.flops : row.work.bytes) / 1e9
      let unit = row.work.flops > 0 ? "GFLOP/s" : "GB/s   "
      let milliseconds = [row.seconds, lost(row)].map { padded(($0 * 1e3).text(3), 8) }
      let least = machine.seconds(for: row.work)
      let share = least / row.seconds
      let rates = [row.seconds, least].map { padded((amount / $0).text(1), 7) }
      print(
        "\(milliseconds.joined()) \(rates[0]) \(rates[1]) \(unit) "
          + "\(padded((share * 100).text(0), 4)) %\(share < 0.6 ? " *" : "  ") "
          + row.work.title)
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Bytes that an elementwise loop reads and writes in a second.
  private func copySpeed(_ elements: Int) throws -> Double {
    var built = OperationGraph()
    let result = built.graph.negate(built.data([elements / 512, 512]))
    return 8 * Double(elements) / (try seconds(built, result, .float32))
  }

  /// What a product without anything else does in a second.
  private func productSpeed(_ precision: Precision) throws -> Double {
    var built = OperationGraph()
    let weight = built.weight([2048, 2048])
    let result = try built.graph.matmul(built.data([2048, 2048]), weight)
    return 2 * 0x1p33 / (try seconds(built, result, precision))
  }

  /// Of a program of one instruction.
  private func seconds(
    _ built: OperationGraph, _ result: Node, _ precision: Precision
  ) throws -> Double {
    var built = built
    let program = try built.program(of: result)
    let executor = OneDNNExecutor(precision: precision, threads: threads)
    return try OperationTimes(built, program, executor, repetitions: 9).seconds.values.reduce(0, +)
  }
}
