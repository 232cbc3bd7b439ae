import ArgumentParser
import CVAETraining

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a model is and where it comes from.",
    discussion: """
      Prints the fields, what was left out, columns that decide others, where and how it was trained, the \
      sizes of the networks, and settings that differ from the defaults. --json has everything.

      Example:
        cvae inspect runs/fashion
      """)

  @Argument(help: "A run directory, or a model.safetensors.", completion: .model)
  var model: String

  @Flag(help: "List the name and the shape of every parameter.")
  var parameters = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let model = try TrainedModel.load(model)
    try Terminal.result(
      json ? model.summaryJSON() : model.summary(listsParameters: parameters), isJSON: json)
  }
}
