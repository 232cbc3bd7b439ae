import ArgumentParser
import CVAETraining

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a model is and where it comes from.",
    discussion: """
      Prints schema, architecture, parameter count, objective, and where and how it was trained.

      Example:
        cvae inspect runs/fashion
      """)

  @Argument(help: "A run directory, or a model.safetensors.", completion: .model)
  var model: String

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let model = try TrainedModel.load(model)
    try Terminal.result(json ? model.summaryJSON() : model.summary, isJSON: json)
  }
}
