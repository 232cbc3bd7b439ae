public import TensorGraph

/// A model's parameters by network.
public struct ParameterGroups: Sendable {
  /// One network's parameters.
  public struct Group: Sendable {
    /// `recognition`, `prior` or `decoder`: the first part of its parameters' paths.
    public let name: String
    /// In the order of declaration.
    public let parameters: [Parameter]

    /// The number of trained numbers.
    public var count: Int { parameters.reduce(0) { $0 + $1.shape.count } }
  }

  /// In the order of declaration.
  public let groups: [Group]

  /// Groups what a store holds.
  public init(_ store: ParameterStore) {
    var names: [String] = []
    var members: [String: [Parameter]] = [:]
    for parameter in store.parameters {
      let name = String(parameter.name.prefix { $0 != "." })
      if members[name] == nil { names.append(name) }
      members[name, default: []].append(parameter)
    }
    groups = names.map { Group(name: $0, parameters: members[$0] ?? []) }
  }

  /// One line for each parameter, with its shape and count, and one for each network's total.
  public var lines: [String] {
    let rows =
      groups.flatMap { group in
        group.parameters.map { ($0.name, $0.shape.description, $0.shape.count) }
          + [("\(group.name), in all", "", group.count)]
      } + [("model, in all", "", groups.reduce(0) { $0 + $1.count })]
    let nameWidth = rows.map(\.0.count).max() ?? 0
    let shapeWidth = rows.map(\.1.count).max() ?? 0
    let countWidth = rows.map { "\($0.2)".count }.max() ?? 0
    return rows.map { name, shape, count in
      let number = "\(count)"
      return name + String(repeating: " ", count: nameWidth - name.count + 2)
        + shape + String(repeating: " ", count: shapeWidth - shape.count + 2)
        + String(repeating: " ", count: countWidth - number.count) + number
    }
  }
}

extension ConditionalVAE {
  /// Lines for people: every parameter's name, shape and count.
  public var architectureSummary: [String] { ParameterGroups(store).lines }
}
