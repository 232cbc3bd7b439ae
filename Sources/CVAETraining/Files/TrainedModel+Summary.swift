import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

extension TrainedModel {
  /// The run that the file belongs to, as the `run.json` beside it describes it.
  public var runDescription: RunDescription? {
    path.flatMap { RunDirectory(($0 as NSString).deletingLastPathComponent).runDescription }
  }

  /// Everything that the file says about the model, as plain text for people.
  public var summary: String {
    var lines = ["Fields"]
    for field in schema.fields {
      let hasHoles = field.mayBeMissing ? "; may be missing" : ""
      lines.append(
        "  \(field.name): \(roles.name(of: field.name)), \(preprocessing.summary(of: field, levels: .max))\(hasHoles)"
      )
    }
    if !model.decidedFields.isEmpty {
      lines += ["", "Only combinations of training records are drawn"]
      lines += model.decidedFields.map { "  " + $0 }
    }
    lines += ["", "Parameters: \(model.store.count)"]
    lines += model.architectureSummary.map { "  " + $0 }
    lines += ["", "Model"]
    lines += settings(of: model.configuration).filter { !isUnused($0) }
    lines += ["", "Objective"] + settings(of: objective)
    var origin = provenance
    origin.configuration = RunConfiguration()
    lines += ["", "Provenance"]
    lines += settings(of: origin).filter { !$0.hasPrefix("  configuration.") }
    lines += ["", "Training"] + settings(of: provenance.configuration.training)
    for session in runDescription?.sessions ?? [] { lines += ["", "Run"] + settings(of: session) }
    return lines.joined(separator: "\n")
  }

  /// Whether a line describes networks that the architecture doesn't have.
  private func isUnused(_ line: String) -> Bool {
    let unused =
      switch model.configuration.architecture {
      case .convolutional: ["recognition.hidden", "decoder.hidden"]
      case .mlp, nil: ["convolution."]
      }
    return (unused + ["combinations"]).contains { line.hasPrefix("  " + $0) }
  }

  private func settings(of value: some Encodable) -> [String] {
    let leaves = (try? JSONValue(of: value).leaves()) ?? [:]
    return leaves.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
  }

  private struct Summary: Encodable {
    let schema: RecordSchema
    let roles: Roles
    let architecture: ModelArchitecture
    let parameters: Int
    let tensors: [String: [Int]]
    let preprocessing: Preprocessing
    let objective: ModelObjective
    let provenance: ModelProvenance
    let run: RunDescription?
  }

  /// The same as one JSON object with sorted keys.
  public func summaryJSON() throws -> String {
    try JSONText.string(
      Summary(
        schema: schema, roles: roles,
        architecture: ModelArchitecture(
          given: roles.givenNames, model: model.configuration, acceptsMissing: model.acceptsMissing),
        parameters: model.store.count, tensors: tensors.mapValues(\.shape),
        preprocessing: preprocessing, objective: objective, provenance: provenance,
        run: runDescription))
  }
}
