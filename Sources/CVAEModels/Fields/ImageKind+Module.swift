import RecordTypes
import TensorGraph

extension ImageKind: FieldModule {
  var features: FeatureForm { .picture(size) }
  var likelihoods: [LikelihoodKind] { [.bernoulli, .gaussian, .discretizedLogistic] }

  func makeLikelihood(
    _ kind: LikelihoodKind, features: FeatureForm, path: String,
    _ configuration: ModelConfiguration,
    store: inout ParameterStore
  ) -> any Likelihood {
    switch kind {
    case .gaussian:
      GaussianLikelihood(
        path, columns: size.count, deviation: configuration.gaussianDeviation, store: &store)
    case .discretizedLogistic:
      DiscretizedLogisticLikelihood(configuration.logistic, size: size)
    default: BernoulliLikelihood(columns: size.count)
    }
  }
}
