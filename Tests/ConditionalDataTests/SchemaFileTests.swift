import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

@Suite struct SchemaFileTests {
  private let folder: TemporaryFolder

  /// Labels 3, 1, 4, 1.
  init() throws {
    folder = try TemporaryFolder()
    try IDX.put(into: folder, withTest: false)
  }

  private func label(_ yaml: String) throws -> (levels: [String], column: RecordColumn) {
    try folder.put(yaml, "schema.yaml")
    let data = try DataSet.load(folder.path)
    return (try data.schema.field("label").levels, data.columns[1])
  }

  private func failure(_ yaml: String) -> String {
    sentence { _ = try label(yaml) }.replacingOccurrences(of: folder.path + "/", with: "")
  }

  @Test func namesLevelsByTheirNumber() throws {
    let label = try label("fields: {image: {}, label: {levels: [a, b, c, d, e]}}")
    #expect(label.levels == ["a", "b", "c", "d", "e"])
    #expect(label.column == .levels([3, 1, 4, 1]))
  }

  /// Where a level's name is a number, no other number stands for one: the labels are 1, 3 and 4.
  @Test(arguments: [
    ("[a, b, c, d, 5]", "5 levels, which leave out '1', '3' and '4'; name them too"),
    ("['2', '3', '4']", "3 levels, which leave out '1'; name it too"),
  ])
  func numbersAreNamesWhereOneIs(levels: String, words: String) {
    #expect(
      failure("fields: {label: {levels: \(levels)}}")
        == "schema.yaml, line 1: expected a level for every value of 'label', got \(words).")
  }

  @Test func findsLevelsByTheirName() throws {
    let label = try label("fields:\n  label:\n    levels: ['4', '3', '2', '1']\n  image:\n")
    #expect(label.column == .levels([1, 3, 0, 3]))
  }

  @Test func putsTextsInTheWantedOrder() throws {
    let path = folder.file("data.npz")
    let sizes = ["small", "large", "medium", "", "small"]
    try NPZ.write([NPZArray(name: "size", shape: [5], values: .text(sizes))], to: path)
    let file = try folder.put("fields: {size: {levels: [small, medium, large]}}", "other.yaml")
    let data = try DataSet.load(path, schemaFile: file)
    #expect(data.columns == [.levels([0, 2, 1, nil, 0])])
    // A schema.yaml beside the data is read where no other is named.
    try folder.put("fields: {size: {levels: [large, medium, small]}}", "schema.yaml")
    #expect(try DataSet.load(path).columns == [.levels([2, 0, 1, nil, 2])])
    #expect(try DataSet.load(path, schemaFile: file).columns == data.columns)
  }

  /// Levels are found by their bytes: two spellings of é are two levels.
  @Test func levelsAreComparedByTheirBytes() throws {
    let path = folder.file("data.npz")
    let names = ["e\u{301}", "\u{E9}", "a"]
    let texts = [names[1], names[0], names[2], names[0]]
    try NPZ.write([NPZArray(name: "size", shape: [4], values: .text(texts))], to: path)
    let file = try folder.put(
      "fields: {size: {levels: [\(names.joined(separator: ", "))]}}", "o.yaml")
    let data = try DataSet.load(path, schemaFile: file)
    #expect(
      data.schema.fields[0].levels.map { Array($0.utf8) } == names.map { Array($0.utf8) })
    #expect(data.columns == [.levels([1, 0, 2, 0] as [Int32])])
    try folder.put("fields: {size: {levels: [\u{E9}, a]}}", "o.yaml")
    #expect(
      sentence { _ = try DataSet.load(path, schemaFile: file) }
        .contains("got 2 levels, which leave out 'e\u{301}'; name it too"))
  }

  @Test(arguments: ["", "fields: {}", "# nothing"])
  func canBeEmpty(yaml: String) throws {
    #expect(try label(yaml).levels.count == 10)
  }

  @Test func ignoresFields() throws {
    try folder.put("ignore: [label]\nfields: {image: {size: [2, 3], channels: 1}}", "schema.yaml")
    #expect(try DataSet.load(folder.path).schema.fields.map(\.name) == ["image"])
  }

  @Test func needsALevelForEveryValue() {
    #expect(
      failure("fields:\n  label: {levels: [a, b, c, d]}") == "schema.yaml, line 2: expected a "
        + "level for every value of 'label', got 4 levels, which leave out '4'; "
        + "name that many levels or more.")
  }

  @Test(arguments: [
    (
      "field: {label: {}}",
      "line 1: No key of a schema is named 'field'; the nearest is 'fields'; "
        + "known: 'fields', 'ignore'."
    ),
    (
      "fields:\n  lable: {levels: [a]}",
      "line 2: No field is named 'lable'; "
        + "the nearest is 'label'; known: 'image', 'label'."
    ),
    (
      "fields:\n  label: {level: [a]}",
      "line 2: No key of field 'label' is named 'level'; "
        + "the nearest is 'levels'; known: 'levels', 'kind', 'missing', 'size', 'channels', "
        + "'longest', 'tokens', 'merges'."
    ),
    (
      "fields: {image: {levels: [a]}}",
      "line 1: expected levels of a category, got those of "
        + "'image', an image of 2 × 3 × 1."
    ),
    (
      "fields: {label: {levels: [a, a]}}",
      "line 1: expected the levels of 'label' as a list of "
        + "different names, such as [boot, coat]."
    ),
    (
      "fields: {label: {levels: [a, [b]]}}",
      "line 1: expected the levels of 'label' as a list of "
        + "different names, such as [boot, coat]."
    ),
    (
      "fields: {label: {levels: a}}",
      "line 1: expected the levels of 'label' as a list of "
        + "different names, such as [boot, coat]."
    ),
    (
      "fields: [label]",
      "line 1: expected the names of fields, each with its keys, "
        + "got a list or a word."
    ),
    (
      "fields: {label: {kind: sound}}",
      "line 1: expected the kind of 'label' as category or number or discrete or text, got 'sound'."
    ),
    (
      "fields: {image: {size: [0, 4]}}",
      "line 1: expected the size of 'image' in pixels, such as 64 or [height, width], at most 4096, "
        + "got another form."
    ),
    (
      "fields: {image: {channels: 2}}",
      "line 1: expected the channels of 'image' as 1 or 3, got '2'."
    ),
    (
      "fields: {image: {size: 64}}",
      "line 1: expected 'image' to be 64 × 64 pixels, got an image of 2 × 3 × 1, which can only be "
        + "changed in folders of pictures."
    ),
    (
      "fields: {label: {kind: number}}",
      "line 1: expected 'label' to be a number, got a category of 10 levels, which can only be "
        + "changed in folders of pictures."
    ),
    (
      "fields: {label: {channels: 1}}",
      "line 1: expected 'label' to be a picture, got a category of 10 levels, which can only be "
        + "changed in folders of pictures."
    ),
    (
      "ignore: lable",
      "line 1: expected the columns to ignore as a list of different names, such as [comment, url]."
    ),
    (
      "ignore: [lable]",
      "line 1: No field is named 'lable'; the nearest is 'label'; known: 'image', 'label'."
    ),
    (
      "ignore: [label, image]", "line 1: expected a field that isn't ignored, got none."
    ),
  ])
  func saysWhatIsWrong(yaml: String, reason: String) {
    #expect(failure(yaml) == "schema.yaml, " + reason)
  }

  @Test func saysThatItIsNoYAML() {
    #expect(
      failure("fields: {label: [\n") == "schema.yaml, line 2: expected YAML, but the parser "
        + "did not find expected node content.")
    #expect(
      failure("fields:\n  label: {}\n  label: {}\n")
        == "schema.yaml, line 2: expected each key once, got 'label' twice.")
    #expect(failure("\u{0}") == "schema.yaml: expected YAML, got other bytes.")
  }

  /// Some hundred bytes whose aliases stand for 3⁴⁰ words.
  @Test(.timeLimit(.minutes(1))) func aliasesThatStandForTooMuchAreRefused() {
    let lists = (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]\n" }
    #expect(
      failure("a0: &a0 [x]\n" + lists.joined() + "? *a40\n: x\n")
        == "schema.yaml: expected aliases that stand for at most 10000000 bytes altogether, got "
        + "more; write lists out instead of naming them with '&' and '*'.")
  }

  /// One list of levels for thousands of columns.
  @Test func aliasesMayBeMany() {
    let fields = (0..<5000).map { "  a\($0): {levels: *few}\n" }
    let text = "fields:\n  label: {levels: &few [a, b, c, d, e]}\n" + fields.joined()
    #expect(YAMLAliases.standForFew(text))
    #expect(YAMLAliases.standForFew("a: &a [*a, '*a']\nb: '& *x'\n"))
  }

  @Test func saysThatItIsMissing() {
    let path = folder.file("none.yaml")
    #expect(
      sentence { _ = try DataSet.load(folder.path, schemaFile: path) }
        == "Can't open '\(path)': No such file or directory; check the path.")
  }
}
