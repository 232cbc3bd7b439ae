import Foundation

/// The `cvae` command as the shell sees it.
enum Command {
  /// What a process left.
  struct Result {
    let status: Int32
    let output: String
    let errors: String

    /// The lines on standard error.
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
  }

  struct NotBuilt: Error, CustomStringConvertible {
    let path: String
    var description: String { "Expected the command at \(path); build it with 'swift build'." }
  }

  /// The executable that was built beside the test bundle.
  static func executable() throws -> URL {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let folder = tests.pathComponents.firstIndex { $0.hasSuffix(".xctest") }.map { index in
      URL(fileURLWithPath: NSString.path(withComponents: Array(tests.pathComponents[..<index])))
    }
    let command = (folder ?? tests.deletingLastPathComponent()).appendingPathComponent("cvae")
    guard FileManager.default.isExecutableFile(atPath: command.path) else {
      throw NotBuilt(path: command.path)
    }
    return command
  }

  /// Runs the command to its end.
  static func run(_ arguments: String...) throws -> Result { try run(arguments) }

  /// Runs the command to its end.
  static func run(_ arguments: [String]) throws -> Result {
    try Running(executable(), arguments).finish()
  }

  /// Runs the command with so many processors for OpenMP.
  static func run(_ arguments: [String], processors: Int) throws -> Result {
    let shell = [
      "-c", "OMP_NUM_THREADS=\(processors) exec \"$0\" \"$@\"", try executable().path,
    ]
    return try Running(URL(fileURLWithPath: "/bin/sh"), shell + arguments).finish()
  }

  /// Runs a line of a shell, in which `$0` is the command and `$1` and so on are the arguments.
  static func shell(_ line: String, _ arguments: String...) throws -> Result {
    try Running(
      URL(fileURLWithPath: "/bin/bash"),
      ["-o", "pipefail", "-c", line, try executable().path] + arguments
    ).finish()
  }

  /// Runs the command where no file can grow beyond a kilobyte or two.
  static func runOnFullDisk(_ arguments: String...) throws -> Result {
    let shell = ["-c", "ulimit -f 2; exec \"$0\" \"$@\"", try executable().path] + arguments
    return try Running(URL(fileURLWithPath: "/bin/sh"), shell).finish()
  }

  /// Starts the command.
  static func start(_ arguments: [String]) throws -> Running {
    try Running(executable(), arguments)
  }

  /// A process that was started.
  final class Running {
    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    init(_ executable: URL, _ arguments: [String]) throws {
      process.executableURL = executable
      process.arguments = arguments
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = output
      process.standardError = errors
      try process.run()
    }

    var isRunning: Bool { process.isRunning }
    var number: Int32 { process.processIdentifier }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end. What goes to standard error must fit into a pipe.
    func finish() -> Result {
      let output = output.fileHandleForReading.readDataToEndOfFile()
      let errors = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      let status =
        process.terminationReason == .uncaughtSignal
        ? -process.terminationStatus : process.terminationStatus
      return Result(
        status: status, output: String(decoding: output, as: UTF8.self),
        errors: String(decoding: errors, as: UTF8.self))
    }
  }
}
