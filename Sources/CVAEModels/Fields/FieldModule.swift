public import RecordTypes
import TensorGraph

/// How networks handle a kind of field: its features, and the likelihoods that can generate it.
protocol FieldModule: FieldContent {
  /// How a value enters networks.
  var features: FeatureForm { get }
  /// The likelihoods that can generate it, the usual one first.
  var likelihoods: [LikelihoodKind] { get }
  /// The likelihood that generates it in the rows of a table by default.
  var rowLikelihood: LikelihoodKind { get }
  /// The likelihood of a kind out of ``likelihoods``.
  ///
  /// - Parameters:
  ///   - features: The features of the values, with one more level where a record may lack one.
  ///   - path: The beginning of the names of the likelihood's parameters.
  func makeLikelihood(
    _ kind: LikelihoodKind, features: FeatureForm, path: String,
    _ configuration: ModelConfiguration,
    store: inout ParameterStore
  ) -> any Likelihood
}

/// Defaults for kinds whose values are plain numbers.
extension FieldModule {
  var likelihoods: [LikelihoodKind] { [.gaussian, .mixture] }
  var rowLikelihood: LikelihoodKind { likelihoods.contains(.mixture) ? .mixture : likelihoods[0] }

  func makeLikelihood(
    _ kind: LikelihoodKind, features: FeatureForm, path: String,
    _ configuration: ModelConfiguration,
    store: inout ParameterStore
  ) -> any Likelihood {
    kind == .mixture
      ? MixtureLikelihood(columns: features.width)
      : GaussianLikelihood(
        path, columns: features.width, deviation: configuration.gaussianDeviation, store: &store)
  }
}

/// How a value enters networks.
public enum FeatureForm: Hashable, Sendable {
  /// One of so many rows of a table.
  case index(count: Int)
  /// Numbers `[batch, width]`.
  case rows(width: Int)
  /// A picture, `[batch, height · width · channels]`.
  case picture(ImageSize)
  /// A text of tokens, which is read into `width` numbers.
  case tokens(vocabulary: Int, width: Int)

  /// Numbers of a record; 1 for an index.
  public var width: Int {
    switch self {
    case .index: 1
    case .rows(let width), .tokens(_, let width): width
    case .picture(let size): size.count
    }
  }

  /// The rows of a table; nil for others.
  public var count: Int? { if case .index(let count) = self { count } else { nil } }

  /// The tokens that a text may have; nil for others.
  public var vocabulary: Int? { if case .tokens(let count, _) = self { count } else { nil } }

  /// Whether it is a row of a table.
  public var isIndex: Bool { count != nil }

  /// A picture's extent; nil for others.
  public var pictureSize: ImageSize? { if case .picture(let size) = self { size } else { nil } }
}

extension Field {
  /// How networks handle it.
  var module: any FieldModule {
    guard let module = kind.content as? any FieldModule else {
      preconditionFailure("No module makes features of \(kind.summary).")
    }
    return module
  }
}
