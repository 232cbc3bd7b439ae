package import RecordTypes

extension VectorKind: FieldCodec {
  package func fit(_ training: TrainingColumn) throws -> FittedField {
    FittedField(scale: try FieldScale(training, (0..<count).map { training.numbers($0) }))
  }
}
