import TensorGraph

extension ConditionalVAE {
  /// How many parameters each network has, in the order of their declaration.
  public var parameterCounts: [(network: String, count: Int)] {
    networks.map { network in
      (String(network.name), network.parameters.reduce(0) { $0 + $1.shape.count })
    }
  }

  /// A network's parameters begin with its name, and are declared one after the other.
  private var networks: [(name: Substring, parameters: [Parameter])] {
    var networks: [(name: Substring, parameters: [Parameter])] = []
    for parameter in store.parameters {
      let name = parameter.name.prefix { $0 != "." }
      if networks.last?.name != name { networks.append((name, [])) }
      networks[networks.count - 1].parameters.append(parameter)
    }
    return networks
  }

  /// Lines for people: every parameter's name, shape and count, and one for each network's total.
  public var architectureSummary: [String] {
    let rows =
      networks.flatMap { network in
        network.parameters.map { ($0.name, $0.shape.description, $0.shape.count) }
          + [("\(network.name), in all", "", network.parameters.reduce(0) { $0 + $1.shape.count })]
      } + [("model, in all", "", store.count)]
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
