import ArgumentParser
import CVAEGeneration
import CVAEModels

/// How the tokens of texts are drawn.
struct TokenOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Of texts: below 1 probable tokens become more so; 1 draws as the model says.")
  var tokenTemperature = 1.0

  @Option(
    parsing: .unconditional,
    help: "Of texts: draws from the fewest tokens that have this probability together.")
  var topP = 1.0

  func validate() throws {
    guard tokenTemperature > 0, tokenTemperature <= 100 else {
      throw ValidationError(
        "--token-temperature must be above 0 and at most 100, not \(tokenTemperature).")
    }
    guard topP > 0, topP <= 1 else {
      throw ValidationError("--top-p must be above 0 and at most 1, not \(topP).")
    }
  }

  var choice: TokenChoice {
    var choice = TokenChoice()
    choice.temperature = tokenTemperature
    choice.nucleus = topP
    return choice
  }
}
