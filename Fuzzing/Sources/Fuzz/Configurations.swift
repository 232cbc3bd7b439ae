import CVAETraining
import ConditionalData
import Foundation

extension FuzzedReader {
  private static let signs = [
    "{", "}", "[", "]", ": ", "- ", "&a ", "*a", "<<: ", "? ", "!!int ", "|\n",
    ">\n", "---\n", "%YAML 1.1\n", "null", ".inf", ".nan", "1e400", "-1", "9223372036854775808",
    "\"", "'",
  ]

  /// `schema.yaml`, for a table of each kind of column.
  static let schemas = FuzzedReader(
    name: "schema", longest: 20_000,
    words: (signs + ["levels", "kind", "number", "category", "size", "channels", "ignore"])
      .map { Array($0.utf8) },
    seeds: {
      [
        "fields:\n  label: {levels: [a, b, c]}\n  size: {kind: number}\nignore: [comment]\n",
        "fields:\n  size: {kind: category}\n  day: {kind: number}\nignore: label\n",
        "fields: {image: {size: [64, 48], channels: 1}, label: {levels: &a [b, a]}}\n",
        "fields:\n  ? label\n  : levels:\n    - a\n    - \"b\"\n    - >\n      c\n",
        expanding(12), nested("[", 9000), nested("- ", 9000),
      ].map { Array($0.utf8) }
    },
    read: { bytes, scratch in
      let table = "label,size,day,comment\na,1.5,2026-01-01,x\nb,2,2026-02-03,y\na,2,2026-02-03,y\n"
      let data = try scratch.write(Array(table.utf8), "schema/fuzz.csv")
      _ = try DataSet.load(data, schemaFile: scratch.write(bytes, "schema.yaml"))
    })

  /// Configurations of training.
  static let configurations = FuzzedReader(
    name: "configuration", longest: 20_000,
    words: (signs + [
      "given", "model", "training", "latent", "hidden", "likelihood", "klWeight", "schedule",
      "masks", "optimizer", "convolution", "decoder", "prior", "learned", "cosine", "bfloat16",
      "validation",
    ]).map { Array($0.utf8) },
    seeds: {
      var table = RunConfiguration.table
      table.given = ["label"]
      table.setEpochs(forTableOf: 1000)
      return try [
        RunConfiguration().encodeYAML(), table.encodeYAML(),
        "given: any\nmodel:\n  latent: 2\n  likelihood: {size: mixture}\ntraining: {klWeight: 0.5}\n",
        expanding(12), nested("[", 9000), nested("- ", 9000),
      ].map { Array($0.utf8) }
    },
    read: { bytes, scratch in
      let configuration = try RunConfiguration.load(scratch.write(bytes, "fuzz.yaml"))
      _ = try configuration.encodeYAML()
      _ = try configuration.differences(from: RunConfiguration())
    })

  /// Lists of lists, each several times in the next: a few hundred bytes that stand for many millions of words.
  private static func expanding(_ levels: Int) -> String {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...levels {
      let parts = [String](repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(parts)]\n"
    }
    return text + "? *a\(levels)\n: x\n"
  }

  private static func nested(_ sign: String, _ count: Int) -> String {
    String(repeating: sign, count: count) + "x"
  }
}
