import CVAEModels
import CVAETraining
import Foundation
import RecordTypes

extension TrainedModel {
  /// The most names that a title lists.
  private static let listed = 4

  /// What was trained, for a title: the data's name, or the generated fields where no run tells it, and what
  /// is given.
  var title: String {
    let name = dataName ?? Self.list(roles.generated)
    if model.masksRows { return name + ", any column given" }
    if !roles.masked.isEmpty { return name + ", any part given" }
    return roles.given.isEmpty ? name : "\(name) given \(Self.list(roles.given))"
  }

  /// The name of the file or folder that the run was trained on; nil for a model without its run.
  var dataName: String? {
    guard let session = runDescription?.sessions.last else { return nil }
    let folder = URL(fileURLWithPath: session.workingDirectory, isDirectory: true)
    return URL(fileURLWithPath: session.data, relativeTo: folder).standardized.lastPathComponent
  }

  private static func list(_ names: [String]) -> String {
    guard names.count > listed else { return names.joined(separator: ", ") }
    let shown = names.prefix(listed - 1)
    return "\(shown.joined(separator: ", ")) and \(names.count - shown.count) more"
  }
}
