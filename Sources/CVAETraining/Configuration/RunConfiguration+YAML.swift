import ConditionalData
import Foundation
import RecordTypes
import Yams

extension RunConfiguration {
  /// Reads and checks a configuration file.
  ///
  /// - Throws: ``ConfigurationFailure`` that names the file and, where one is to blame, the line
  ///   and the setting.
  public static func load(_ path: String) throws -> RunConfiguration {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      let reason =
        FileManager.default.fileExists(atPath: path)
        ? "can't be read as a file; check what it is and who may read it."
        : "no such configuration file; check the path."
      throw ConfigurationFailure(source: path, mistakes: [reason])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationFailure(
        source: path, mistakes: ["expected YAML in UTF-8, got other bytes; save it as UTF-8."])
    }
    let configuration = try decode(yaml: text, source: path)
    try configuration.validate(source: path)
    return configuration
  }

  /// Reads a configuration, without checking ranges; an empty text gives the defaults.
  ///
  /// - Throws: ``ConfigurationFailure`` for what is not YAML, unknown keys and wrong types.
  public static func decode(yaml: String, source: String? = nil) throws -> RunConfiguration {
    guard YAMLAliases.standForFew(yaml) else {
      throw ConfigurationFailure(source: source, mistakes: [YAMLAliases.refusal])
    }
    var root: Node?
    do {
      root = try Yams.compose(yaml: yaml)
      guard let root else { return RunConfiguration() }
      return try YAMLDecoder().decode(RunConfiguration.self, from: root)
    } catch let error as YamlError {
      throw ConfigurationFailure(source: source, mistakes: [sentence(on: error)])
    } catch let error as DecodingError {
      let mistake = DecodingMistake(error)
      let node = root?.descendant(mistake.path)
      let place = node?.mark.map { "line \($0.line): " } ?? ""
      throw ConfigurationFailure(
        source: source, mistakes: [place + mistake.sentence(got: node?.words)])
    } catch let error as UnknownName {
      throw ConfigurationFailure(source: source, mistakes: ["\(error)"])
    }
  }

  private static func sentence(on error: YamlError) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "line \(mark.line): expected YAML, but \(problem)."
    case .duplicatedKeysInMapping(let keys, let context):
      "line \(context.mark.line): expected each key once, "
        + "got '\(keys.joined(separator: "', '"))' more than once."
    default: "expected YAML, but \(error)."
    }
  }

  /// The configuration as YAML, every setting written out, keys sorted.
  public func encodeYAML() throws -> String {
    try Yams.serialize(node: JSONValue(of: self).node)
  }
}

extension Node {
  /// What the node is, in words.
  fileprivate var words: String {
    switch self {
    case .scalar(let scalar): "'\(scalar.string)'"
    case .sequence: "a list"
    case .mapping: "keys with values"
    case .alias: "an alias"
    }
  }

  /// The node at a path of keys, or the nearest one above it that exists.
  fileprivate func descendant(_ path: [any CodingKey]) -> Node? {
    var node = self
    for key in path {
      let next = key.intValue.flatMap { node.sequence?[$0] } ?? node.mapping?[key.stringValue]
      guard let next else { break }
      node = next
    }
    return node
  }
}

extension JSONValue {
  fileprivate var node: Node {
    switch self {
    case .word(let value): Node(value, Tag(.implicit))
    case .text(let value): (try? value.represented()) ?? Node(value)
    case .list(let values): Node(values.map(\.node), Tag(.implicit), .flow)
    case .mapping(let entries):
      Node(entries.sorted { $0.key < $1.key }.map { (Node($0.key), $0.value.node) })
    }
  }
}
