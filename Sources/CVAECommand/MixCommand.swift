import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining

struct MixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mix",
    abstract: "Draw the upper levels of one picture with the details of another.",
    discussion: """
      For models with levels of details ('model.convolution.levels'). Inputs go together in pairs, the first with the \
      second and so on. From left to right, more and more levels come from the first of the two: z alone, z and the \
      coarsest details, …; then the other way round. What has z gives the condition, too. Inputs are as for 'transfer', and \
      the output's extension chooses its form.

      Example:
        cvae mix runs/emoji emoji.npz --records 3,17 --output mixed.png
      """)

  @OptionGroup var style: StyleOptions

  @OptionGroup var output: StyledOutputOptions

  func validate() throws { try output.check(style) }

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
        items: [.input(first)] + (1..<levels).map { mixed(first, second, $0) }
          + (1..<levels).reversed().map { mixed(second, first, $0) } + [.input(second)])
    }
    let names = ["z"] + drawing.model.model.detailLevels.map { "\($0.extent)" }
    func headings(of input: String) -> [String] {
      (1..<levels).map { $0 == 1 ? "\(input) z" : "\(input) z-\(names[$0 - 1])" }
    }
    try drawing.write(
      lines, headings: ["A"] + headings(of: "A") + headings(of: "B").reversed() + ["B"])
  }
}
