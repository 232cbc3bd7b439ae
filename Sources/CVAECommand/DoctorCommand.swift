import ArgumentParser
import CVAETraining
import ConditionalData
import Figures
import Foundation
import MPICommunication
import OneDNNExecution
import TensorGraph

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show what runs here: instructions, libraries, memory, devices.",
    discussion: """
      Prints what the speed of training and the choice of --precision depend on. Please include it when \
      you report a fault.

      Example:
        cvae doctor
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let machine = Machine.this
    try Terminal.result(json ? machine.jsonLine : machine.table, isJSON: json)
  }
}

/// The machine and the libraries that the command runs with.
struct Machine: Encodable {
  let version: String
  let processor: String
  let processors: Int
  /// The processor's instruction sets, of those that matter here.
  let instructions: [String]
  let oneDNN: String
  /// The newest instruction set that oneDNN uses.
  let oneDNNInstructions: String
  let threads: Int
  let precisions: [String]
  /// The MPI library with which several processes would train; left out where there is none.
  let mpi: String?
  let gd: String
  /// The file of the font that labels pictures; left out where there is none.
  let font: String?
  /// In bytes; left out where the system doesn't report it.
  let memory: Int?
  let memoryAvailable: Int?
  /// Plugins for `--device xla:…`, also those that can't be used.
  let plugins: [FoundPlugin]

  static var this: Machine {
    let cpu = SystemTable("/proc/cpuinfo")
    let memory = SystemTable("/proc/meminfo")
    let flags = Set(cpu["flags"]?.split(separator: " ") ?? [])
    let names: [(Substring, String)] = [
      ("avx2", "AVX2"), ("avx512f", "AVX-512"), ("avx512_vnni", "AVX-512 VNNI"),
      ("avx512_bf16", "AVX-512 BF16"), ("amx_bf16", "AMX BF16"),
    ]
    return Machine(
      version: ToolVersion.current, processor: cpu["model name"] ?? "unknown",
      processors: ProcessInfo.processInfo.activeProcessorCount,
      instructions: names.filter { flags.contains($0.0) }.map(\.1),
      oneDNN: OneDNNLibrary.version, oneDNNInstructions: OneDNNLibrary.instructions,
      threads: OneDNNExecutor.defaultThreads,
      precisions: Precision.allCases.filter(OneDNNExecutor.supports).map(\.rawValue),
      mpi: MPICommunicator.libraryInWords, gd: Canvas.libraryVersion,
      font: Canvas.Typeface.usual.path,
      memory: memory.bytes("MemTotal"), memoryAvailable: memory.bytes("MemAvailable"),
      plugins: FoundPlugin.all)
  }

  var table: String {
    func size(_ bytes: Int?) -> String {
      bytes.map { "\((Double($0) / 1e8).rounded() / 10) GB" } ?? "unknown"
    }
    let rows = [
      ("swift-cvae", version), ("processor", "\(processor), \(processors) at once"),
      (
        "instructions",
        instructions.isEmpty ? "none beyond SSE" : instructions.joined(separator: ", ")
      ),
      ("oneDNN", "\(oneDNN), uses \(oneDNNInstructions)"), ("threads", "\(threads)"),
      ("precisions", precisions.joined(separator: ", ")),
      ("MPI", mpi ?? "none: a run is of one process"), ("GD", gd),
      ("font", font ?? "none: pictures are labelled in GD's own small letters"),
      ("memory", "\(size(memory)), \(size(memoryAvailable)) available"),
    ]
    let found =
      plugins.isEmpty
      ? [("XLA", "no plugin found: Documentation/Accelerators.md says how to install one")]
      : plugins.map { ("XLA", $0.summary) }
    return (rows + found).map { $0.0.padding(toLength: 14, withPad: " ", startingAt: 0) + $0.1 }
      .joined(separator: "\n")
  }
}

/// A file of the system each line of which has a name, a colon, and a value.
private struct SystemTable {
  private let values: [String: String]

  init(_ path: String) {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...]
      return (
        line[..<colon].trimmingCharacters(in: .whitespaces),
        value.trimmingCharacters(in: .whitespaces)
      )
    }
    values = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  subscript(name: String) -> String? { values[name] }

  /// A size that is written in kB.
  func bytes(_ name: String) -> Int? {
    self[name]?.split(separator: " ").first.flatMap { Int($0) }.map { $0 * 1024 }
  }
}
