import RecordTypes
import TensorGraph

extension ParameterStore {
  /// The table that says what a text's tokens mean, `tokens.<vocabulary>` `[vocabulary, embedding]`: one for all texts
  /// with as many tokens, whether they are read or written.
  mutating func tokenTable(_ kind: TextKind, _ configuration: TextConfiguration) -> Parameter {
    let (name, width) = ("tokens.\(kind.vocabulary)", configuration.embedding)
    return parameters.first { $0.name == name }
      ?? declare(name, [kind.vocabulary, width], .uniform(fanIn: width))
  }
}
