import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes

/// Converts the model's scores to the data's units, and says which of them are densities.
struct ScoreUnits {
  /// Added to each generated field's log-likelihood, in the schema's order: −Σ log of the standard
  /// deviations that its columns were divided by; 0 of fields with a `QuantileMap` and of levels.
  private let offsets: [Double]
  /// Those fields' maps and numbers; nil for the others.
  private let maps: [(map: QuantileMap, column: RecordColumn)?]
  /// What bits per dimension are made of; nil for tables, where a Bernoulli scores grey values, and under
  /// masks, which leave another number of dimensions in each record.
  let bits: BitScale?
  /// The generated images that a Bernoulli scores although they are grey.
  let greyFields: [String]

  /// The text, where nothing else is generated.
  private let text: RecordColumn?

  /// bits = −(log-likelihood + offset) / (dimensions · log 2).
  struct BitScale {
    /// Columns of the generated fields; a category is one.
    let dimensions: Int
    /// From densities over [0, 1] to densities over the grey levels 0 to 255.
    let offset: Double

    func bits(_ logLikelihood: Double) -> Double {
      -(logLikelihood + offset) / (Double(dimensions) * log(2))
    }
  }

  init(model: TrainedModel, data: DataSet, records: [Int32]) {
    let generated = model.model.generatedInputs
    text = generated.count == 1 && generated[0].isText ? data.records[generated[0].name] : nil
    maps = generated.map { input in
      guard !input.features.isIndex, let map = model.preprocessing.quantiles[input.field.name],
        let column = data.records[input.field.name], !column.numbers.isEmpty
      else { return nil }
      return (map, column)
    }
    offsets = generated.map { input in
      guard !input.features.isIndex, model.preprocessing.quantiles[input.field.name] == nil else {
        return 0
      }
      let deviations = model.preprocessing.scales[input.field.name]?.standardDeviation ?? []
      return -deviations.reduce(0) { $0 + log($1) }
    }
    let configuration = model.model.configuration
    var offset = 0.0
    var greyFields: [String] = []
    for field in model.model.generatedFields where field.isImage {
      let likelihood = configuration.likelihoodKind(of: field)
      if likelihood == .gaussian { offset -= Double(field.width) * log(255) }
      if likelihood == .bernoulli, !configuration.binarize, Self.isGrey(field.name, data, records) {
        greyFields.append(field.name)
      }
    }
    self.greyFields = greyFields
    let dimensions = generated.reduce(0) { $0 + $1.features.width }
    bits =
      greyFields.isEmpty && model.roles.masked.isEmpty && !data.isTable
        && !generated.contains(where: \.isText)
      ? BitScale(dimensions: dimensions, offset: offset) : nil
  }

  /// The bytes of a record's text, where nothing else is generated; else 0.
  func textBytes(of record: Int32) -> Int {
    guard case .texts(let texts) = text?.values else { return 0 }
    return texts.bytes(of: Int(record)).count
  }

  /// The number of generated variables.
  var count: Int { offsets.count }

  /// What is added to a record's scores, one number for each generated field.
  func offsets(of record: Int32) -> [Double] {
    zip(offsets, maps).map { offset, map in
      guard let map else { return offset }
      guard let number = map.column.number(Int(record)) else { return 0 }
      return map.map.logFactor(number, position: Preprocessing.position(ofRecord: Int(record)))
    }
  }

  /// Whether some pixel is neither black nor white.
  private static func isGrey(_ field: String, _ data: DataSet, _ records: [Int32]) -> Bool {
    guard let column = data.records[field], case .bytes(let values) = column.values else {
      return true
    }
    let width = column.width
    return records.contains { record in
      values[Int(record) * width..<(Int(record) + 1) * width].contains { $0 != 0 && $0 != 255 }
    }
  }
}
