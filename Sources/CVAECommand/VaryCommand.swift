import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining
import Foundation
import TensorGraph

struct VaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vary",
    abstract: "Draw records like others: under their own conditions, in styles near theirs.",
    discussion: """
      Of a model with levels of details, z is drawn anew and the details stay, which recolours a picture and keeps what \
      is in it; --levels chooses others. Of any other model, the style is moved halfway to a new one; --amount says how \
      far. A sheet shows each input first. Inputs are as for 'transfer', and the output's extension chooses its form.

      Examples:
        cvae vary emoji/run emoji/data --records 3,17 --output varied.png
        cvae vary emoji/run emoji/data --records 3 --levels z,4 --output more.png
        cvae vary runs/loans loans.csv --records 5 --variations 20 --amount 0.3 --output near.csv
      """)

  @OptionGroup var style: StyleOptions

  @Option(help: "How many variations of each input to draw.")
  var variations = 8

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How far the style moves: 0 not at all, 1 to a new one (the default with levels; 0.5 without).",
      valueName: "share"))
  var amount: Double?

  @Option(
    help: ArgumentHelp(
      "The levels that change, such as z,8: z, or details by their pixels; z alone is the default.",
      valueName: "list"))
  var levels: String?

  @Option(parsing: .unconditional, help: "Scales what is drawn anew; below 1 it is more usual.")
  var temperature = 1.0

  @Option(help: "Another seed draws other variations.")
  var seed: UInt64 = 1

  @OptionGroup var output: StyledOutputOptions

  func validate() throws {
    try output.check(style)
    try NumberCheck.count("--variations", variations, to: NumberCheck.mostRecords)
    try NumberCheck.temperature(temperature)
    if let amount, !(0...1).contains(amount) {
      throw ValidationError(
        "--amount must be from 0 to 1, not \(amount.plain); 0 changes nothing, 1 draws anew.")
    }
  }

  func run() throws {
    let drawing = try StyledDrawing(style, output, ofRows: true)
    let hasLevels = !drawing.model.model.detailLevels.isEmpty
    let moved = try drawing.model.model.styleLevels(levels ?? "z")
    let styles = drawing.posterior.varied(
      moved, by: amount ?? (hasLevels ? 1 : 0.5), alternatives: variations,
      temperature: temperature, seed: seed)
    let width = drawing.posterior.width
    let lines = drawing.names.enumerated().map { input, name in
      StyledDrawing.Line(
        label: name,
        items: [.input(input)]
          + (0..<variations).map { variation in
            let first = (input * variations + variation) * width
            return .drawn(
              underConditionOf: input, style: Array(styles[first..<first + width]))
          })
    }
    try drawing.write(
      lines, headings: ["input"] + [String](repeating: "varied", count: variations))
  }
}

extension ConditionalVAE {
  /// The levels of a style by their names, z being level 0.
  ///
  /// - Throws: `InvalidRequest` for a level that the model doesn't have.
  func styleLevels(_ list: String) throws -> Set<Int> {
    let names = ["z"] + detailLevels.map { "\($0.extent)" }
    return try Set(
      list.split(separator: ",", omittingEmptySubsequences: false).map { word in
        guard let level = names.firstIndex(of: word.trimmingCharacters(in: .whitespaces)) else {
          throw InvalidRequest(
            "--levels: expected levels out of \(names.joined(separator: ", ")), got '\(word)'; "
              + (detailLevels.isEmpty
                ? "this model has no details, so leave the option out."
                : "choose some of them, with commas between."))
        }
        return level
      })
  }
}
