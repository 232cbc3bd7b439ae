import Foundation

/// `Fuzz` prints the readers' names. `Fuzz READER FOLDER [OPTION …]` feeds one of them inputs that grow from valid
/// files, guided by what they reach in the code; FOLDER keeps those that reach more, and its `findings` those that
/// end the process, take more than ten seconds or a gigabyte. `Fuzz READER FILE` reads one input again.
@main
enum Fuzz {
  static func main() throws {
    let words = CommandLine.arguments.dropFirst()
    guard let name = words.first, words.count > 1 else {
      print(FuzzedReader.all.map { $0.name }.joined(separator: "\n"))
      return
    }
    guard let reader = FuzzedReader.all.first(where: { $0.name == name }) else {
      throw Failure("expected a reader that 'Fuzz' lists, got '\(name)'")
    }
    let path = words[words.startIndex + 1]
    try run(reader, ["Fuzz"] + words.dropFirst(2) + options(of: reader, in: path))
  }

  /// libFuzzer's options; the folder is filled with seeds.
  private static func options(of reader: FuzzedReader, in path: String) throws -> [String] {
    let limits = ["-timeout=10", "-rss_limit_mb=1024", "-max_len=\(reader.longest)"]
    let files = FileManager.default
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      return limits + [path]
    }
    let folder = URL(fileURLWithPath: path)
    let (inputs, findings) = (folder.appending(path: "inputs"), folder.appending(path: "findings"))
    for each in [inputs, findings] {
      try files.createDirectory(at: each, withIntermediateDirectories: true)
    }
    for (index, seed) in try reader.seeds().enumerated() {
      try Data(seed).write(to: inputs.appending(path: "seed\(index)"))
    }
    let dictionary = folder.appending(path: "words")
    let lines = reader.words.map { word in
      let bytes = word.map { "\\x" + (($0 < 16 ? "0" : "") + String($0, radix: 16)) }
      return "\"\(bytes.joined())\"\n"
    }
    try Data(lines.joined().utf8).write(to: dictionary)
    return limits + [
      "-dict=\(dictionary.path)", "-artifact_prefix=\(findings.path)/", "-print_final_stats=1",
      "-seed=1", inputs.path,
    ]
  }

  /// Calls libFuzzer's loop, which ends the process.
  private static func run(_ reader: FuzzedReader, _ arguments: [String]) throws {
    let scratch = try Scratch()
    target = { bytes in
      do {
        try reader.read(bytes, scratch)
      } catch {
        // What a user would see is made, and must be meant for one.
        let sentence = "\(error)"
        let module = String(reflecting: type(of: error)).prefix { $0 != "." }
        precondition(!others.contains(String(module)), "An error for no user: \(sentence)")
      }
    }
    var count = CInt(arguments.count)
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    let status = pointers.withUnsafeMutableBufferPointer { buffer -> CInt in
      guard var base = buffer.baseAddress else { return 1 }
      return runFuzzer(&count, &base) { bytes, count in
        Fuzz.target(Array(UnsafeBufferPointer(start: bytes, count: count)))
        return 0
      }
    }
    exit(status)
  }

  /// Modules whose errors say nothing to a user.
  private static let others: Set = ["Swift", "Foundation", "FoundationEssentials", "Yams", "__C"]

  /// What each input goes to; a C function can't carry it along.
  nonisolated(unsafe) private static var target: ([UInt8]) -> Void = { _ in }

  private struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }
}

/// libFuzzer's loop; the package manager keeps `main` to itself.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
