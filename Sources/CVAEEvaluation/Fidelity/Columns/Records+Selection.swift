import RecordTypes
import TensorGraph

extension Records {
  /// The numbers and categories, which are what is compared.
  var compared: Records { selecting { $0.isCategory || $0.isNumber } }

  /// All columns but one.
  func without(_ index: Int) -> Records {
    let name = schema.fields[index].name
    return selecting { $0.name != name }
  }

  private func selecting(_ isWanted: (Field) -> Bool) -> Records {
    let indices = columns.indices.filter { isWanted(schema.fields[$0]) }
    return Records(
      trusting: RecordSchema(trusting: indices.map { schema.fields[$0] }),
      indices.map { columns[$0] }, count: count)
  }

  /// At most `count` records in a random order that `seed` and `purpose` decide.
  func sample(_ count: Int, _ purpose: String, seed: UInt64) -> Records {
    let order = RandomPosition(seed: seed, step: 0)
      .permutation(RandomPurpose("fidelity " + purpose), count: self.count)
    return selecting(order.prefix(count).map { Int($0) })
  }
}
