/// What happens to a run that is already in the folder.
public enum RunStart: Hashable, Sendable {
  /// There must be none.
  case new
  /// Its files are removed, and no others: files of the same names that no run has written, links
  /// and folders are refused.
  case replacing
  /// It goes on from its checkpoint.
  case resuming
}
