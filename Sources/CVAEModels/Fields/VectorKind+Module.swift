import RecordTypes
import TensorGraph

extension VectorKind: FieldModule {
  var features: FeatureForm { .rows(width: count) }
  var likelihoods: [LikelihoodKind] { [.gaussian, .mixture] }
  var rowLikelihood: LikelihoodKind { .mixture }

  func makeLikelihood(
    _ kind: LikelihoodKind, features: FeatureForm, path: String, deviation: GaussianDeviation,
    store: inout ParameterStore
  ) -> any Likelihood {
    kind == .mixture
      ? MixtureLikelihood(columns: count)
      : GaussianLikelihood(path, columns: count, deviation: deviation, store: &store)
  }
}
