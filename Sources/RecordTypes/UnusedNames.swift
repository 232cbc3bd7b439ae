/// Names of which none comes twice.
package struct UnusedNames {
  private var taken: Set<String>

  /// Leaves `taken` to others.
  package init(_ taken: [String] = []) { self.taken = Set(taken) }

  /// The name, or where it is taken the name with the first number that isn't, from 2 on.
  package mutating func take(_ name: String) -> String {
    if taken.insert(name).inserted { return name }
    var number = 2
    while !taken.insert("\(name) \(number)").inserted { number += 1 }
    return "\(name) \(number)"
  }
}
