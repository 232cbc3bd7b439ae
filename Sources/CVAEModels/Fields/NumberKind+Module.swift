import RecordTypes
import TensorGraph

extension NumberKind: FieldModule {
  var features: FeatureForm { .rows(width: 1) }
  var likelihoods: [LikelihoodKind] { [.gaussian, .mixture] }
  var rowLikelihood: LikelihoodKind { .mixture }

  func makeLikelihood(
    _ kind: LikelihoodKind, features: FeatureForm, path: String, deviation: GaussianDeviation,
    store: inout ParameterStore
  ) -> any Likelihood {
    kind == .mixture
      ? MixtureLikelihood(columns: 1)
      : GaussianLikelihood(path, columns: 1, deviation: deviation, store: &store)
  }
}
