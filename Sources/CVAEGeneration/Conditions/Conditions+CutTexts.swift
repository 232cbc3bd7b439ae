import CVAEModels
package import CVAETraining
import ConditionalData
package import RecordTypes

extension Conditions {
  /// The different texts of more tokens than a model reads, whose ends take no part, by the field's name.
  package func cutTexts(by model: TrainedModel) -> [String: Set<ByteText>] {
    var cut: [String: Set<ByteText>] = [:]
    for (field, column) in zip(records.schema.fields, records.columns) {
      guard let kind = field.textKind, let vocabulary = model.preprocessing.vocabularies[field.name]
      else { continue }
      var last: [UInt8]?
      // A token is a byte at least.
      for record in 0..<column.count
      where column.isKnown(record) && column.texts.length(of: record) >= kind.longest {
        let bytes = Array(column.texts.bytes(of: record))
        // Many records of one condition follow each other.
        if bytes == last { continue }
        last = bytes
        if vocabulary.encode(bytes).count >= kind.longest {
          cut[field.name, default: []].insert(ByteText(String(decoding: bytes, as: UTF8.self)))
        }
      }
    }
    return cut
  }
}
