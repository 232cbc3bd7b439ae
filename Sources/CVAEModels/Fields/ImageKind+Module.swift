import RecordTypes
import TensorGraph

extension ImageKind: FieldModule {
  var features: FeatureForm { .picture(size) }
  var likelihoods: [LikelihoodKind] { [.bernoulli, .gaussian, .discretizedLogistic] }

  func makeLikelihood(
    _ kind: LikelihoodKind, features: FeatureForm, path: String, deviation: GaussianDeviation,
    store: inout ParameterStore
  ) -> any Likelihood {
    switch kind {
    case .gaussian:
      GaussianLikelihood(path, columns: size.count, deviation: deviation, store: &store)
    case .discretizedLogistic: DiscretizedLogisticLikelihood(columns: size.count)
    default: BernoulliLikelihood(columns: size.count)
    }
  }
}
