/// The version that files name as their writer.
public enum ToolVersion {
  /// The tool's name.
  public static let name = "swift-cvae"
  /// The version of this source.
  public static let current = "0.2.0"
}
