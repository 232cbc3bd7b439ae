import Foundation
import TensorFiles

/// What differs from run to run: `run.json`. A resumed run adds a session.
public struct RunDescription: Codable, Hashable, Sendable {
  /// One process that worked on the run.
  public struct Session: Codable, Hashable, Sendable {
    /// When it began, ISO 8601.
    public var startedAt: String
    /// When it ended; nil while it runs and for one that was killed.
    public var endedAt: String?
    /// How it ended, in words.
    public var outcome: String?
    /// The machine's name.
    public var host: String
    /// The operating system.
    public var system: String
    /// The processors it could use.
    public var processors: Int
    /// The folder it was started in.
    public var workingDirectory: String
    /// The data, as they were named.
    public var data: String
    /// The schema file that was named, if one was.
    public var schema: String?
    /// The run's folder, as it was named.
    public var output: String
    /// The arguments.
    public var commandLine: [String]
    /// The machine of each of several ranks; nil for a process alone.
    public var ranks: [String]?
  }

  /// The first process first.
  public var sessions: [Session] = []

  /// No session yet.
  public init() {}
}

extension RunDirectory {
  /// The folder's `run.json`; nil where there is none that can be read.
  public var runDescription: RunDescription? {
    guard let bytes = FileManager.default.contents(atPath: descriptionPath) else { return nil }
    return try? JSONText.decode(RunDescription.self, from: String(decoding: bytes, as: UTF8.self))
  }

  /// Records in `run.json` that a process begins.
  public func recordStart(
    data: String, schema: String? = nil, commandLine: [String], ranks: [String]? = nil
  ) throws {
    let process = ProcessInfo.processInfo
    var description = runDescription ?? RunDescription()
    description.sessions.append(
      RunDescription.Session(
        startedAt: Date().formatted(.iso8601), host: HostName.current,
        system: process.operatingSystemVersionString, processors: process.activeProcessorCount,
        workingDirectory: FileManager.default.currentDirectoryPath, data: data, schema: schema,
        output: path,
        commandLine: commandLine, ranks: ranks))
    try write(description)
  }

  /// Records in `run.json` how the process that began last has ended.
  public func recordEnd(outcome: String) throws {
    guard var description = runDescription, !description.sessions.isEmpty else { return }
    let last = description.sessions.count - 1
    description.sessions[last].endedAt = Date().formatted(.iso8601)
    description.sessions[last].outcome = outcome
    try write(description)
  }

  private func write(_ description: RunDescription) throws {
    try AtomicFile.write(JSONText.encode(description, pretty: true), to: descriptionPath)
  }
}
