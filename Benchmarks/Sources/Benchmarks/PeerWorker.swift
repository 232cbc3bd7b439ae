import Foundation

/// A peer in a process of its own, which answers each line of JSON with one.
final class PeerWorker {
  let framework: String
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var pending = Data()
  private(set) var greeting = ""

  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  /// Starts the process; `network` is mlp, convolution or text.
  init(
    framework: String, network: String = "mlp", python: String, folder: String, data: String,
    threads: Int
  ) throws {
    self.framework = framework
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [
      "\(folder)/peer.py", "--framework", framework, "--data", data, "--threads", "\(threads)",
      "--network", network,
    ]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    greeting = try ask(["cmd": "hello"]).sorted { $0.key < $1.key }
      .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.terminate()
  }

  func ask(_ question: [String: Any]) throws -> [String: Any] {
    var line = try JSONSerialization.data(withJSONObject: question)
    line.append(10)
    try input.fileHandleForWriting.write(contentsOf: line)
    while !pending.contains(10) {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Refused(description: "\(framework) ended.") }
      pending.append(more)
    }
    guard let end = pending.firstIndex(of: 10) else { return [:] }
    let answer = pending[pending.startIndex..<end]
    pending = Data(pending[pending.index(after: end)...])
    let object = try JSONSerialization.jsonObject(with: answer) as? [String: Any] ?? [:]
    if let error = object["error"] { throw Refused(description: "\(framework): \(error)") }
    return object
  }

  /// The key of what was prepared, nil with a note where the peer can't do it. Notes also tell which
  /// variant the peer chose, and which it had to leave out.
  func prepare(_ question: [String: Any]) -> String? {
    do {
      let answer = try ask(question)
      let title = "\(framework) \(question["mode"] ?? "") \(question["precision"] ?? "")"
      if let variant = answer["variant"], let tried = answer["milliseconds"] as? [String: Any] {
        print("  (\(title): the fastest of \(tried.count) is \(variant))")
      }
      for (variant, reason) in answer["failures"] as? [String: Any] ?? [:] {
        print("  (\(title): without \(variant), \(reason))")
      }
      return answer["key"] as? String
    } catch {
      print("  (\(framework) \(question["mode"] ?? ""): \(error))")
      return nil
    }
  }
}
