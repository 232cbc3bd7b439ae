/// What keeps the processes of a run apart.
public enum MPIFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// No library could be opened.
  case noLibrary(reasons: [String])
  /// The library can't be called by several threads in turn.
  case notSerialized(version: String)
  /// A call failed.
  case call(action: String, reason: String)
  /// A launcher started several processes, but the library knows of one.
  case alone(launched: Int, version: String)
  /// A rank sends no signs of life.
  case silent(rank: Int, host: String, seconds: Int)
  /// A rank lives, but does not come to where others wait for it.
  case stuck(rank: Int, host: String, seconds: Int)
  /// A call of the library does not return.
  case hanging(seconds: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .noLibrary(let reasons):
      "expected an MPI library, Open MPI's (libmpi.so.40) or one of MPICH's kin (libmpi.so.12), found none"
        + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: "; ")))")
        + "; install the one that the launcher belongs to, or name its file in the variable CVAE_MPI."
    case .notSerialized(let version):
      "\(version) can't be called by several threads in turn (MPI_THREAD_SERIALIZED); use one that can."
    case .call(let action, let reason):
      "MPI could not \(action): \(reason)."
    case .alone(let launched, let version):
      "the launcher started \(launched) processes, but the MPI library (\(version)) knows of one: it belongs to "
        + "another launcher; start with that library's own mpirun, or name the launcher's library in the "
        + "variable CVAE_MPI."
    case .silent(let rank, let host, let seconds):
      "nothing came from rank \(rank) on \(host) for \(seconds) s: it has ended or is stopped, or its "
        + "machine can't be reached; the last checkpoint is whole, go on with --resume."
    case .stuck(let rank, let host, let seconds):
      "rank \(rank) on \(host) lives, but others have waited for it for \(seconds) s; look at what it does, or "
        + "raise --rank-timeout; the last checkpoint is whole, go on with --resume."
    case .hanging(let seconds):
      "a call of the MPI library has not returned for \(seconds) s, so a connection must be broken; the last "
        + "checkpoint is whole, go on with --resume."
    }
  }
}
