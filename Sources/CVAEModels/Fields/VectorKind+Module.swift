import RecordTypes

extension VectorKind: FieldModule {
  var features: FeatureForm { .rows(width: count) }
}
