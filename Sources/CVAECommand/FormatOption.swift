public import ArgumentParser
public import ConditionalData
import TensorFiles

/// The option that says in which form a table goes to standard output.
struct FormatOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "With '--output -': csv, tsv or jsonl; by default csv, or what the input table is.",
      valueName: "form"))
  var format: TableForm?

  /// Refuses the option where the name of a file already says its form.
  func check(_ output: String) throws {
    guard format != nil, output != AtomicFile.standardOutput else { return }
    throw ValidationError(
      "--format is for standard output, --output -; the ending of '\(output)' says its form.")
  }

  /// The form of the table that goes to `output`; nil where the name of a file says something else, and for
  /// standard output without this option.
  func table(_ output: String) -> TableForm? {
    output == AtomicFile.standardOutput
      ? format : output.lowercased().hasSuffix(".gz") ? nil : TableForm(path: output)
  }
}

extension TableForm: ExpressibleByArgument {}
