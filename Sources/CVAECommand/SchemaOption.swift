import ArgumentParser

/// The schema that data are read with.
struct SchemaOption: ParsableArguments {
  @Option(
    name: .customLong("schema"),
    help: ArgumentHelp(
      "A schema.yaml that names levels, instead of the data's.", valueName: "file"),
    completion: .yaml)
  var file: String?
}
