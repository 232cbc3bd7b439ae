/// Gives out names, none of them twice.
package struct UnusedNames {
  private var taken: Set<String>

  /// Begins with names that are already taken.
  package init(_ taken: [String] = []) { self.taken = Set(taken) }

  /// The name; if it is taken, the name with the first free number from 2 on.
  package mutating func take(_ name: String) -> String {
    if taken.insert(name).inserted { return name }
    var number = 2
    while !taken.insert("\(name) \(number)").inserted { number += 1 }
    return "\(name) \(number)"
  }
}
