import Foundation

/// A Python with Pillow, to agree with.
///
/// The environment variable `CVAE_TEST_PYTHON` names the interpreter; `python3` where it doesn't.
enum Python {
  /// Whether the interpreter has Pillow.
  static let hasPillow = (try? run("import PIL")) != nil

  struct Failure: Error {
    let output: String
  }

  /// Runs a script and returns what it prints, without the last line break.
  @discardableResult
  static func run(_ script: String, _ arguments: [String] = []) throws -> String {
    let interpreter = ProcessInfo.processInfo.environment["CVAE_TEST_PYTHON"] ?? "python3"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [interpreter, "-c", script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(output: output) }
    return output.hasSuffix("\n") ? String(output.dropLast()) : output
  }
}
