/// A model file (`.safetensors`) has other content than it should.
public typealias ModelFileFailure = ContentFailure<ModelFile>

/// A data file (`.npz`, gzip, IDX, …) has other content than it should.
public typealias DataFileFailure = ContentFailure<DataFile>

/// The files of models.
public enum ModelFile {}

/// The files of data.
public enum DataFile {}

/// A file for one purpose has other content than it should.
public struct ContentFailure<Purpose>: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What should be there.
  public let expected: String
  /// What is there.
  public let actual: String
  /// What to do, as an imperative.
  public let advice: String

  /// A mismatch in the file at `path`; each part completes the sentence of ``description``.
  public init(path: String, expected: String, actual: String, advice: String) {
    self.path = path
    self.expected = expected
    self.actual = actual
    self.advice = advice
  }

  /// One sentence: where, what was expected, what came, what to do.
  public var description: String {
    "\(path): expected \(expected), got \(actual); \(advice)."
  }
}
