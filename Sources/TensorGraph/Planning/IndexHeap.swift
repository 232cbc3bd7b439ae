/// Indices of which the least comes first; adding and taking one cost a logarithm of their number.
struct IndexHeap {
  /// A binary heap: no index is less than that at half its place.
  private var indices: [Int] = []

  mutating func insert(_ index: Int) {
    var place = indices.count
    indices.append(index)
    while place > 0, indices[(place - 1) / 2] > index {
      indices[place] = indices[(place - 1) / 2]
      place = (place - 1) / 2
    }
    indices[place] = index
  }

  /// Takes the least index out; nil if there is none.
  mutating func popFirst() -> Int? {
    guard let first = indices.first, let last = indices.popLast() else { return nil }
    if indices.isEmpty { return first }
    var place = 0
    while 2 * place + 1 < indices.count {
      var child = 2 * place + 1
      if child + 1 < indices.count, indices[child + 1] < indices[child] { child += 1 }
      if last <= indices[child] { break }
      indices[place] = indices[child]
      place = child
    }
    indices[place] = last
    return first
  }
}
