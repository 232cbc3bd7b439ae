import Foundation
import TensorFiles
import Testing

/// What bash offers behind `cvae`; the script runs as bash runs it, in words that bash has cut.
@Suite struct CompletionTests {
  private let folder: TemporaryFolder
  private let model = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Examples/garments/model.safetensors").path

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The candidates for the last of `words`, of which bash will replace `text`.
  private func candidates(_ words: String..., line: String, text: String) throws -> [String] {
    let script = #"""
      source <("$1" --generate-completion-script bash)
      COMP_LINE="$1 $2" COMP_POINT=$((${#1} + 1 + ${#2}))
      text=$3
      COMP_WORDS=("$1" "${@:4}") COMP_CWORD=$(($# - 3))
      _cvae_whole_words "$1" "$text" x
      [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
      """#
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments =
      ["-c", script, "bash", try Command.executable().path, line, text] + words
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func namesOfFields() throws {
    let found = try candidates(
      "generate", model, "--given", "", line: "generate \(model) --given ", text: "")
    #expect(found == ["label="])
  }

  @Test func valuesBehindTheSign() throws {
    let found = try candidates(
      "generate", model, "--given", "label", "=", "", line: "generate \(model) --given label=",
      text: "")
    #expect(found.count == 11)
    #expect(found.starts(with: ["T-shirt/top", "Trouser", "Pullover"]))
    #expect(found.suffix(2) == ["Ankle boot", "*"])
  }

  @Test func valuesWithBlanks() throws {
    let found = try candidates(
      "generate", model, "--given", "label", "=", "Ankle\\ b",
      line: "generate \(model) --given label=Ankle\\ b", text: "Ankle\\ b")
    #expect(found == ["Ankle boot"])
  }

  /// A model from a stranger: the name of a level is a command, which must not run.
  @Test func namesAreNeverExpanded() throws {
    let hostile = folder.file("model.safetensors")
    let level = "$(touch \(folder.file("ran")))"
    var file = try SafetensorsFile.read(model)
    file.metadata["schema"] = try #require(file.metadata["schema"])
      .replacingOccurrences(of: "Trouser", with: level)
    try file.write(to: hostile)
    let found = try candidates(
      "generate", hostile, "--given", "label", "=", "",
      line: "generate \(hostile) --given label=", text: "")
    #expect(found.contains(level))
    #expect(!FileManager.default.fileExists(atPath: folder.file("ran")))
  }

  /// Names with equals signs, one of which is the beginning of the other, and a field that may be missing.
  @Test func namesWithEqualsSigns() throws {
    let path = folder.file("model.safetensors")
    var file = try SafetensorsFile.read(model)
    file.metadata = file.metadata.mapValues {
      $0.replacingOccurrences(of: "\"label\"", with: "\"a=b\"")
        .replacingOccurrences(
          of: "\"name\":\"a=b\"", with: "\"mayBeMissing\":true,\"name\":\"a=b\"")
    }
    try file.write(to: path)
    let names = try candidates(
      "generate", path, "--given", "a", "=", "", line: "generate \(path) --given a=", text: "")
    #expect(names == ["b="])
    let values = try candidates(
      "generate", path, "--given", "a", "=", "b", "=", "",
      line: "generate \(path) --given a=b=", text: "")
    #expect(values.count == 12 && values.first == "T-shirt/top" && values.last == "missing")
    let none = try candidates(
      "generate", path, "--given", "c", "=", "", line: "generate \(path) --given c=", text: "")
    #expect(none.isEmpty)
  }

  /// No line of a shell can hold them, and a terminal would obey them.
  @Test func namesWithControlCharactersAreNotOffered() throws {
    try folder.put("a,b\u{1B}c,d\u{9B}e,\"f\r\",\"g\r\nh\",i\n1,2,3,4,5,6\n".utf8, "table.csv")
    let path = folder.file("table.csv")
    let all = try candidates(
      "train", path, "--given", "", line: "train \(path) --given ", text: "")
    #expect(all == ["a", "i"])
  }

  /// A mark doesn't change the backslash before it, though both are one character.
  @Test func aNameBeginsWithAMark() throws {
    try folder.put("cut,price\n1,2\n".utf8, "\u{301}.csv")
    let word = folder.file("\\\u{301}.csv")
    let all = try candidates(
      "train", word, "--given", "", line: "train \(word) --given ", text: "")
    #expect(all == ["cut", "price"])
  }

  @Test func damagedAndMissingModelsGiveNothing() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: model))
    for length in [0, 7, 300, 2000] {
      try folder.put(bytes.prefix(length), "model.safetensors")
      let path = folder.file("model.safetensors")
      let found = try candidates(
        "generate", path, "--given", "", line: "generate \(path) --given ", text: "")
      #expect(found.isEmpty, "\(length) bytes")
    }
    let found = try candidates(
      "generate", "nothing", "--given", "", line: "generate nothing --given ", text: "")
    #expect(found.isEmpty)
  }

  @Test func columnsOfATable() throws {
    try folder.put("cut,my price,date\nFair,1,2020-01-01\n".utf8, "table.csv")
    let path = folder.file("table.csv")
    let all = try candidates(
      "train", path, "--given", "", line: "train \(path) --given ", text: "")
    #expect(all == ["cut", "my price", "date"])
    let others = try candidates(
      "train", path, "--given", "cut,", line: "train \(path) --given cut,", text: "cut,")
    #expect(others == ["cut,my price", "cut,date"])
  }
}
