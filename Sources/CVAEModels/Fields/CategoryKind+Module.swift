import RecordTypes
import TensorGraph

extension CategoryKind: FieldModule {
  var features: FeatureForm { .index(count: levels.count) }
  var likelihoods: [LikelihoodKind] { [.categorical] }

  func makeLikelihood(
    _ kind: LikelihoodKind, features: FeatureForm, path: String,
    _ configuration: ModelConfiguration,
    store: inout ParameterStore
  ) -> any Likelihood { CategoricalLikelihood(levels: features.count ?? levels.count) }
}
