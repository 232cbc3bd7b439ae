import RecordTypes
import TensorGraph

extension TextKind: FieldModule {
  // The model says how many numbers a text is read into.
  var features: FeatureForm { .tokens(vocabulary: vocabulary, width: 1) }
  var likelihoods: [LikelihoodKind] { [.tokens] }

  func makeLikelihood(
    _ kind: LikelihoodKind, features: FeatureForm, path: String,
    _ configuration: ModelConfiguration,
    store: inout ParameterStore
  ) -> any Likelihood { TokenLikelihood() }
}
