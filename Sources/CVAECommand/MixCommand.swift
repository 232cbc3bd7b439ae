import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining

struct MixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mix",
    abstract: "Draw the upper levels of one picture with the details of another.",
    discussion: """
      For models with levels of details ('model.convolution.levels'). Inputs, by default 16 of the test split, go together in \
      pairs, the first with the second and so on. From the left, less and less comes from the first: all but the finest \
      details, …, z alone; from the middle on, more and more from the second. What has z gives the condition, too. Inputs are as \
      for 'transfer', and the output's extension chooses its form.

      Example:
        cvae mix emoji/run emoji/data --records 3,17 --output mixed.png
      """)

  @OptionGroup var style: StyleOptions

  @OptionGroup var output: StyledOutputOptions

  func validate() throws {
    try output.check(style)
    if output.details {
      throw ValidationError(
        "--details and mix exclude each other: what an input has beyond its style would hide the other's details."
      )
    }
  }

  func run() throws {
    let drawing = try StyledDrawing(style, output)
    let levels = drawing.posterior.levels.count
    guard levels > 1 else {
      throw InvalidRequest(
        "mix: expected a model with levels of details, got one whose style is z alone; use 'cvae morph', or "
          + "train with model.convolution.levels.")
    }
    let lines = try drawing.pairs(for: "mix").map { first, second, label in
      func mixed(_ upper: Int, _ lower: Int, _ count: Int) -> StyledDrawing.Item {
        .drawn(
          underConditionOf: upper,
          style: drawing.posterior.mixed(0..<count, of: upper, with: lower))
      }
      return StyledDrawing.Line(
        label: label,
        items: [.input(first)] + (1..<levels).reversed().map { mixed(first, second, $0) }
          + (1..<levels).map { mixed(second, first, $0) } + [.input(second)])
    }
    let names = ["z"] + drawing.model.model.detailLevels.map { "\($0.extent)" }
    func heading(_ upper: String, _ lower: String, _ count: Int) -> String {
      "\(upper) \(count == 1 ? "z" : "to \(names[count - 1])"), \(lower) rest"
    }
    try drawing.write(
      lines,
      headings: ["A"] + (1..<levels).reversed().map { heading("A", "B", $0) }
        + (1..<levels).map { heading("B", "A", $0) } + ["B"])
  }
}
