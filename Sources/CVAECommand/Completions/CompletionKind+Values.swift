import ArgumentParser
import CVAETraining
import ConditionalData
import RecordTypes

/// What a shell offers behind the options of `cvae`.
extension CompletionKind {
  /// A run directory, or a model file.
  static var model: CompletionKind { .file(extensions: ["safetensors"]) }
  /// A `schema.yaml` or a configuration.
  static var yaml: CompletionKind { .file(extensions: ["yaml", "yml"]) }
  /// A table.
  static var table: CompletionKind { .file(extensions: ["csv", "tsv", "jsonl", "gz"]) }
  /// A picture.
  static var picture: CompletionKind { .file(extensions: PictureFiles.endings.sorted()) }
  /// Where generated records go.
  static var records: CompletionKind { .file(extensions: ["png", "npz", "csv", "tsv", "jsonl"]) }
  /// The parts of pictures that have names.
  static var masks: CompletionKind { .list(MaskKind.allCases.map(\.rawValue)) }

  /// `label=` and `label=boot`: the fields and levels of the model on the command line.
  static var conditions: CompletionKind {
    candidates { words, start in
      guard let model = ModelOutline.first(in: words) else { return [] }
      return model.conditions(startingWith: start, all: CompletionShell.requesting == .zsh)
    }
  }

  /// The names of the model's fields of which `isOffered` holds.
  static func fields(where isOffered: @escaping @Sendable (Field) -> Bool) -> CompletionKind {
    candidates { words, _ in
      ModelOutline.first(in: words)?.schema.fields
        .filter { isOffered($0) }.map(\.name) ?? []
    }
  }

  /// The names of the columns of the table on the command line, one after the other with commas
  /// between them where `isList`.
  static func columns(isList: Bool = false) -> CompletionKind {
    candidates { words, start in
      let names =
        words.lazy.filter(ShellWord.isTable)
        .compactMap { try? PartialTable.columnNames(of: $0) }.first ?? []
      let comma = UInt8(ascii: ",")
      guard isList, let last = start.utf8.lastIndex(of: comma) else { return names }
      let chosen = String(decoding: start.utf8[...last], as: UTF8.self)
      let earlier = chosen.utf8.split(separator: comma).map { String(decoding: $0, as: UTF8.self) }
      return names.filter { !earlier.contains($0) }.map { chosen + $0 }
    }
  }

  /// The result of `find` for the other words and the start of the word that the cursor is in.
  private static func candidates(
    _ find: @escaping @Sendable (_ words: [String], _ start: String) -> [String]
  ) -> CompletionKind {
    .custom { words, index, start in
      let others = words.enumerated().filter { $0.offset != index }
        .map { ShellWord.plain($0.element) }
      return find(others, ShellWord.plain(start)).compactMap { ShellWord.written($0) }
    }
  }
}

extension ModelOutline {
  /// The model that a command line names first; nil where none can be read.
  static func first(in words: [String]) -> ModelOutline? {
    words.lazy.dropFirst(2).filter(ShellWord.mayBeModel).compactMap { try? load($0) }.first
  }

  /// What can complete `start` behind `--given`: names with their equals sign, or the values of the field
  /// that `start` names; with `all`, every name with each of its values.
  func conditions(startingWith start: String, all: Bool) -> [String] {
    let given = try? GivenArgument.parse(start, known: conditionFields.map(\.name))
    return conditionFields.flatMap { field in
      if let given, field.name == given.fieldName { return values(of: field) }
      // Behind an equals sign only a name with such a sign in it can go on.
      guard given == nil || field.name.utf8.starts(with: start.utf8) else { return [] }
      return all && field.isCategory ? values(of: field) : ["\(field.name)="]
    }
  }

  private func values(of field: Field) -> [String] {
    var values = field.levels
    if field.isCategory, !values.contains("*") { values.append("*") }
    if mayBeUnknown(field), !values.contains("any") { values.append("any") }
    if field.mayBeMissing, !values.contains("missing") { values.append("missing") }
    return values.map { "\(field.name)=\($0)" }
  }
}
