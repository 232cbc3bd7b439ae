public import TensorFiles

/// A folder can't take a run.
public struct RunDirectoryFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// Why not.
  public enum Reason: Hashable, Sendable {
    /// There is a file in its place.
    case isFile
    /// An older run is there, and neither resuming nor overwriting was requested.
    case holdsRun
    /// A file of that name is there, but no run that it could belong to.
    case holdsForeign(String)
    /// There is nothing at all to resume.
    case absent
    /// There is a folder without a run to resume.
    case noCheckpoint
    /// A process works there; nil where its lock doesn't say which.
    case inUse(FolderLock.Holder?)
    /// The system refuses, for the reason it gives.
    case unwritable(String)
  }

  /// The folder.
  public let path: String
  /// Why it can't.
  public let reason: Reason

  /// One sentence: where, what was expected, what is there, what to do.
  public var description: String {
    switch reason {
    case .isFile: "\(path): expected a directory for the run, got a file; choose another --output."
    case .holdsRun:
      "\(path): already holds a run; continue it with --resume, replace it with --overwrite, "
        + "or choose another --output."
    case .holdsForeign(let name):
      "\(path): holds '\(name)', which isn't part of a run that 'cvae train' wrote there, so it stays; "
        + "move it elsewhere, or choose another --output."
    case .absent:
      "\(path): expected a run to resume, got no such directory; check --output, "
        + "or leave out --resume to start."
    case .noCheckpoint:
      "\(path): expected a run to resume, got a directory without "
        + "\(RunDirectory.checkpointName); leave out --resume to start."
    case .inUse(let holder):
      "\(path): expected a directory in which no other process trains, got one in use by "
        + "\(holder.map(\.description) ?? "another"); wait until it has ended, or choose another "
        + "--output."
    case .unwritable(let words):
      "\(path): expected a directory that can be written, but the system says '\(words)'; "
        + "check the permissions, or choose another --output."
    }
  }
}
