import Foundation
import Testing

/// What the command line alone shows to be wrong ends with status 64 before any file is read.
@Suite struct ArgumentTests {
  private static let huge = "9223372036854775807"

  @Test(arguments: [
    (["generate", "m", "--count", "0", "--output", "x.png"], "--count must be at least 1, not 0."),
    (
      ["generate", "m", "--temperature=-1", "--output", "x.png"],
      "--temperature must be 0 or more, not -1.0."
    ),
    (
      ["generate", "m", "--output", "x.gif"],
      "--output ends in .gif, which can't be written; use .png, .npz, .csv, .tsv, .jsonl, or a directory."
    ),
    (
      ["generate", "m", "--given", "label", "--output", "x.png"],
      "--given: expected FIELD=VALUE, such as 'label=3', got 'label'."
    ),
    (
      ["generate", "m", "--given", "label=1", "--given", "label=2", "--output", "x.png"],
      "--given: expected each field once, got 'label' twice."
    ),
    (["generate", "m", "--threads", "0", "--output", "x.png"], "--threads must be at least 1"),
    (["train", "--output", "r"], "Missing the data: cvae train DATA …"),
    (["train", "d", "--epochs", "0", "--output", "r"], "--epochs must be at least 1, not 0."),
    (["train", "d", "--batch", "0", "--output", "r"], "--batch must be at least 1, not 0."),
    (
      ["train", "d", "--resume", "--overwrite", "--output", "r"],
      "--resume and --overwrite exclude each other."
    ),
    (["train", "d", "--precision", "half", "--output", "r"], "--precision"),
    (["train", "d", "--epochs", huge, "--output", "r"], "--epochs must be at most 1000000000"),
    (["train", "d", "--batch", huge, "--output", "r"], "--batch must be at most 1000000000"),
    (["train", "d", "--threads", "9999", "--output", "r"], "--threads must be at most 1024"),
    (["train", "d", "--seed", "18446744073709551616", "--output", "r"], "--seed"),
    (["generate", "m", "--count", huge, "--output", "x.png"], "--count must be at most 10000000"),
    (["generate", "m", "--threads", "9999", "--output", "x.png"], "--threads must be at most"),
    (["generate", "m", "--temperature", "1e300", "--output", "x.png"], "--temperature must be at"),
    (["generate", "m", "--control", "1e300", "--output", "x.png"], "--control must be from"),
    (["complete", "m", "d.csv", "--samples", huge, "--output", "x.csv"], "--samples must be at"),
    (["evaluate", "m", "d", "--samples", huge], "--samples must be at most 1000000, not"),
    (["evaluate", "m", "d", "--threads", huge], "--threads must be at most 1024"),
    (["evaluate", "m", "d", "--count", huge], "--count must be at most 100000"),
    (["report", "m", "d", "--samples", huge], "--samples must be at most 1000000"),
    (
      ["classify", "m", "d", "--field", "f", "--samples", "0", "--output", "p.csv"],
      "--samples must be at least 1, not 0."
    ),
    (["classify", "m", "d.csv", "--field", "f", "--output", "d.csv"], "--output is also an input"),
    (["encode", "m", "d", "--threads", huge, "--output", "z.csv"], "--threads must be at most"),
    (
      ["transfer", "m", "d", "--sample", "--alternatives", huge, "--output", "x.png"],
      "--alternatives must be at most 10000000"
    ),
    (["train", "d"], "--output"),
    (["evaluate", "m", "d", "--samples", "0"], "--samples must be at least 1, not 0."),
    (["evaluate", "m", "d", "--split", "tset"], "tset"),
    (["evaluate", "m", "d", "--count", "1"], "--count must be at least 2, not 1."),
    (
      ["evaluate", "m", "d", "--only", "bounds", "--control-field", "label"],
      "--control-field is for judging control, which --only bounds leaves out."
    ),
    (["encode", "m", "d", "--output", "z.png"], "--output must end in .npz, .csv, .tsv or .jsonl"),
    (
      ["encode", "m", "d", "--output", "z.csv", "--map", "m.svg"],
      "--map must end in .png, not 'm.svg'."
    ),
    (
      ["complete", "m", "holes.csv", "--output", "filled.tsv"],
      "--output must have the same ending as the table, whose cells stay as they are, got 'filled.tsv' for 'holes.csv'."
    ),
    (
      ["generate", "m", "--like", "a.tsv.gz", "--balance", "kind", "--output", "b.csv"],
      "--output must have the same ending as the table"
    ),
    (
      ["complete", "m", "holes.csv", "--output", "./holes.csv"],
      "--output is also an input, 'holes.csv'; name another, so that the input stays as it is."
    ),
    (
      ["generate", "m", "--like", "a.csv", "--balance", "kind", "--output", "a.csv"],
      "--output is also an input"
    ),
    (["transfer", "m", "a.png", "--output", "a.png"], "--output is also an input"),
    (["encode", "m", "a.csv", "--output", "a.csv"], "--output is also an input"),
    (["generate", "m", "--output", ""], "--output: expected a name, got an empty one"),
    (["transfer", "m", "d", "--output", " "], "--output: expected a name, got an empty one"),
    (["complete", "m", "d", "--output", ""], "--output: expected a name, got an empty one"),
    (["complete", "m", "d.csv", "--output", ""], "--output: expected a name, got an empty one"),
    (["encode", "m", "d", "--output", ""], "--output: expected a name, got an empty one"),
    (
      ["encode", "m", "d", "--output", "z.csv", "--map", ""],
      "--map: expected a name, got an empty one"
    ),
    (["train", "d", "--output", "\t"], "--output: expected a name, got an empty one"),
    (["report", "m", "d", "--output", ""], "--output: expected a name, got an empty one"),
    (
      ["evaluate", "m", "d", "--classifier", ""],
      "--classifier: expected a name, got an empty one, perhaps from a variable that isn't set; name another."
    ),
    (
      ["generate", "m", "--output", "a\u{1B}[31m.csv"],
      "--output: expected a name of characters that can be shown, got one with others; name another."
    ),
    (
      ["generate", "m", "--output", ".."],
      "--output: expected the name of a new file or directory, got '..'; name another."
    ),
    (["generate", "m", "--output", "/"], "the name of a new file or directory, got '/'"),
    (["complete", "m", "d", "--output", "a/./"], "of a new file or directory, got 'a/./'"),
    (
      ["generate", "m", "--output", "a.csv/"],
      "--output: expected the name of a file, got 'a.csv/', which ends in a slash as a directory's does; name another."
    ),
    (["report", "m", "d", "--output", "a.csv"], "--output must end in .html, not 'a.csv'."),
    (["report", "m", "d", "--output", "page/"], "which ends in a slash as a directory's does"),
    (["generate", "m.png", "--output", "a//../m.png"], "--output is also an input, 'm.png'"),
    (
      ["complete", "m", "a.png", "--mask", "b.png", "--output", "b.png"],
      "--output is also an input, 'b.png'"
    ),
    (["inspect"], "Missing"), (["paint"], "paint"),
    (
      ["trian", "a.csv"],
      "No command is named 'trian'; the nearest is 'train'; there are 13."
    ),
  ])
  func wrongArguments(arguments: [String], words: String) throws {
    let result = try Command.run(arguments)
    #expect(result.status == 64)
    #expect(result.errorLines.first?.hasPrefix("Error: ") == true)
    #expect(result.errorLines.first?.contains(words) == true, "\(result.errors)")
  }

  @Test(arguments: ["train", "generate", "classify", "encode", "evaluate", "report", "inspect"])
  func helpHasAnExample(command: String) throws {
    let result = try Command.run(command, "--help")
    #expect(result.status == 0)
    #expect(result.output.contains(/Examples?.*:\n +cvae/), "\(result.output)")
    #expect(result.output.contains("  cvae \(command) "))
  }

  @Test func versionIsTheChangelogs() throws {
    let result = try Command.run("--version")
    #expect(result.status == 0)
    // The changelog begins with the version at work: "## 0.1.0, not released".
    let changes = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../CHANGELOG.md"), encoding: .utf8)
    let heading = try #require(changes.firstMatch(of: /(?m)^## (\d+\.\d+\.\d+)\b/))
    #expect(result.output == "swift-cvae \(heading.1)\n")
  }

  /// Swift would put another character in the place of such bytes.
  @Test func argumentsAreUTF8() throws {
    try Command.shell(#""$0" generate m --given $'label=\xe9' --output x.csv"#).expectRefusal(
      status: 64, "expected arguments in UTF-8, got 'label=\u{FFFD}'")
    try Command.shell(#""$0" generate none --given $'label=\xef\xbf\xbd' --output x.csv"#)
      .expectRefusal("none")
  }
}
