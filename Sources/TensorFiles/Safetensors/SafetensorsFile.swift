/// A model file in the safetensors format: named tensors and named texts, data and never code.
///
/// The bytes are a function of the content alone: keys and tensors are sorted by name.
///
/// - Source: Hugging Face, *safetensors*, format description, 2022: eight bytes with the header's
///   length, a JSON header, then the tensors without gaps.
public struct SafetensorsFile: Hashable, Sendable {
  /// The header's `__metadata__`.
  public var metadata: [String: String]
  /// The tensors by name.
  public var tensors: [String: StoredTensor]

  /// The content of a file to be written.
  public init(metadata: [String: String] = [:], tensors: [String: StoredTensor] = [:]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The key of the texts in the header, which no tensor may have for a name.
  static let metadataKey = "__metadata__"
}
