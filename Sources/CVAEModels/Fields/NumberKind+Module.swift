import RecordTypes

extension NumberKind: FieldModule {
  var features: FeatureForm { .rows(width: 1) }
}
