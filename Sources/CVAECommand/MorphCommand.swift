import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining

struct MorphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "morph",
    abstract: "Draw the way from one record to another, in small steps of their styles.",
    discussion: """
      Inputs, by default 16 of the test split, go together in pairs, the first with the second and so on. The style turns evenly from the one to the other, \
      all levels of details included; up to the middle, records are under the condition of the first. A sheet shows the two \
      inputs at its ends. Inputs are as for 'transfer', and the output's extension chooses its form.

      Example:
        cvae morph runs/fashion /usr/share/datasets/fashion-mnist --records 3,17 --output morph.png
      """)

  @OptionGroup var style: StyleOptions

  @Option(help: "How many records to draw for each pair, both ends included.")
  var steps = 9

  @OptionGroup var output: StyledOutputOptions

  func validate() throws {
    try output.check(style)
    guard steps >= 2 else {
      throw ValidationError("--steps must be at least 2, both ends included, not \(steps).")
    }
    try NumberCheck.count("--steps", steps, to: NumberCheck.mostRecords)
  }

  func run() throws {
    let drawing = try StyledDrawing(style, output, ofRows: true)
    let shares = (0..<steps).map { Double($0) / Double(steps - 1) }
    let lines = try drawing.pairs(for: "morph").map { first, second, label in
      StyledDrawing.Line(
        label: label,
        items: [.input(first)]
          + shares.map { share in
            .drawn(
              underConditionOf: share <= 0.5 ? first : second,
              style: drawing.posterior.between(first, second, share: share))
          } + [.input(second)])
    }
    let headings = shares.map { "\(Int(($0 * 100).rounded())) %" }
    try drawing.write(lines, headings: ["A"] + headings + ["B"])
  }
}
