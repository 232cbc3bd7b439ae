import CVAEModels
import ConditionalData
import RecordTypes

/// Finds settings that a table that is read block by block doesn't allow.
struct StoredTableCheck {
  let data: DataSet
  let configuration: RunConfiguration

  /// - Throws: ``ConfigurationError``.
  func run() throws {
    guard data.stored != nil else {
      guard configuration.training.shuffle == .blocks else { return }
      throw ConfigurationError(
        key: "training.shuffle", expected: "'records', or a table on disk",
        actual: "'blocks' for records in memory", remedy: "leave it out")
    }
    let training = configuration.training
    guard data.stored?.isSplit(training.seed, training.validation, training.splitBy) == true else {
      throw ConfigurationError(
        key: "training.seed, validation and splitBy",
        expected: "those by which the stored table was split", actual: "others",
        remedy: "split it by the run's settings")
    }
    guard let group = configuration.model.group else { return }
    throw ConfigurationError(
      key: "model.group", expected: "no group in a table that takes more than its share of memory",
      actual: "'\(group)'", remedy: "leave the group out, or give more memory by --memory")
  }
}
