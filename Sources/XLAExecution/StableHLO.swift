/// The type of a value's elements, by its name in StableHLO.
enum HLOType: String {
  case f32, bf16, i32, i1, ui32, ui64
}

/// A value of a program's text: its name there, extents and type.
struct HLOValue {
  let name: String
  let extents: [Int]
  let type: HLOType

  /// As StableHLO writes it, for example `tensor<128x784xf32>`.
  var typeText: String { Self.typeText(extents, type) }

  static func typeText(_ extents: [Int], _ type: HLOType) -> String {
    "tensor<" + extents.map { "\($0)x" }.joined() + "\(type.rawValue)>"
  }
}

/// Writes a function's body in StableHLO's text form, one operation a line.
///
/// - Source: openxla/stablehlo, `docs/spec.md`.
struct HLOBuilder {
  /// The lines so far.
  private(set) var text = ""
  private var count = 0
  private var constants: [String: HLOValue] = [:]

  /// A name that no value has yet.
  mutating func newName() -> String {
    count += 1
    return "%v\(count)"
  }

  /// Appends `operation` followed by its signature, and returns its result.
  mutating func append(
    _ operation: String, _ operands: [HLOValue], _ extents: [Int], _ type: HLOType
  ) -> HLOValue {
    let result = HLOValue(name: newName(), extents: extents, type: type)
    let sources = operands.map(\.typeText).joined(separator: ", ")
    line("\(result.name) = \(operation) : (\(sources)) -> \(result.typeText)")
    return result
  }

  /// Appends an operation whose operands and result have one type.
  mutating func appendUniform(_ operation: String, like value: HLOValue) -> HLOValue {
    let result = HLOValue(name: newName(), extents: value.extents, type: value.type)
    line("\(result.name) = \(operation) : \(result.typeText)")
    return result
  }

  mutating func line(_ text: String) {
    self.text += "    \(text)\n"
  }

  /// What `body` writes, apart: a region. Constants made within stay within.
  mutating func region(_ body: (inout HLOBuilder) -> Void) -> String {
    var inner = self
    inner.text = ""
    body(&inner)
    count = inner.count
    return inner.text
  }

  // MARK: Numbers

  private mutating func constant(
    _ literal: String, _ extents: [Int], _ type: HLOType
  ) -> HLOValue {
    let typeText = HLOValue.typeText(extents, type)
    if let known = constants[literal + typeText] { return known }
    let result = HLOValue(name: newName(), extents: extents, type: type)
    line("\(result.name) = stablehlo.constant dense<\(literal)> : \(typeText)")
    constants[literal + typeText] = result
    return result
  }

  /// A real number in every element, rounded to float32; by its bits, so that every number has a literal.
  mutating func number(_ value: Double, _ extents: [Int] = []) -> HLOValue {
    let digits = String(Float(value).bitPattern, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: 8 - digits.count) + digits
    return constant("0x\(padded)", extents, .f32)
  }

  /// A whole number in every element.
  mutating func whole(_ value: Int, _ extents: [Int] = [], _ type: HLOType = .i32) -> HLOValue {
    constant("\(value)", extents, type)
  }

  /// The number of each element along one axis.
  mutating func iota(_ extents: [Int], axis: Int, _ type: HLOType = .i32) -> HLOValue {
    let result = HLOValue(name: newName(), extents: extents, type: type)
    line("\(result.name) = stablehlo.iota dim = \(axis) : \(result.typeText)")
    return result
  }

  // MARK: Elements

  /// A function of each element, by StableHLO's name.
  mutating func map(_ function: String, _ x: HLOValue) -> HLOValue {
    appendUniform("stablehlo.\(function) \(x.name)", like: x)
  }

  /// A function of two tensors' elements, by StableHLO's name.
  mutating func zip(_ function: String, _ x: HLOValue, _ y: HLOValue) -> HLOValue {
    precondition(
      x.extents == y.extents && x.type == y.type,
      "\(function) of \(x.typeText) and \(y.typeText)")
    return appendUniform("stablehlo.\(function) \(x.name), \(y.name)", like: x)
  }

  mutating func add(_ x: HLOValue, _ y: HLOValue) -> HLOValue { zip("add", x, y) }
  mutating func subtract(_ x: HLOValue, _ y: HLOValue) -> HLOValue { zip("subtract", x, y) }
  mutating func multiply(_ x: HLOValue, _ y: HLOValue) -> HLOValue { zip("multiply", x, y) }
  mutating func divide(_ x: HLOValue, _ y: HLOValue) -> HLOValue { zip("divide", x, y) }
  mutating func exp(_ x: HLOValue) -> HLOValue { map("exponential", x) }
  mutating func log(_ x: HLOValue) -> HLOValue { map("log", x) }
  mutating func logistic(_ x: HLOValue) -> HLOValue { map("logistic", x) }
  mutating func negate(_ x: HLOValue) -> HLOValue { map("negate", x) }

  mutating func add(_ x: HLOValue, _ y: Double) -> HLOValue { add(x, number(y, x.extents)) }
  mutating func scale(_ x: HLOValue, by y: Double) -> HLOValue {
    multiply(x, number(y, x.extents))
  }
  mutating func square(_ x: HLOValue) -> HLOValue { multiply(x, x) }

  /// log(1 + eˣ) without overflow.
  mutating func softplus(_ x: HLOValue) -> HLOValue {
    let small = exp(negate(map("abs", x)))
    return add(zip("maximum", x, number(0, x.extents)), map("log_plus_one", small))
  }

  /// `direction` is EQ, NE, LT, LE, GT or GE.
  mutating func compare(_ x: HLOValue, _ direction: String, _ y: HLOValue) -> HLOValue {
    let kind =
      switch x.type {
      case .f32, .bf16: "FLOAT"
      case .i32: "SIGNED"
      case .ui32, .ui64, .i1: "UNSIGNED"
      }
    return append(
      "stablehlo.compare \(direction), \(x.name), \(y.name), \(kind)", [x, y], x.extents, .i1)
  }

  mutating func compare(_ x: HLOValue, _ direction: String, _ y: Double) -> HLOValue {
    compare(x, direction, number(y, x.extents))
  }

  mutating func select(_ condition: HLOValue, _ x: HLOValue, _ y: HLOValue) -> HLOValue {
    precondition(x.extents == y.extents && x.type == y.type, "Choices differ in type.")
    let result = HLOValue(name: newName(), extents: x.extents, type: x.type)
    line(
      "\(result.name) = stablehlo.select \(condition.name), \(x.name), \(y.name) : "
        + "\(condition.typeText), \(x.typeText)")
    return result
  }

  mutating func convert(_ x: HLOValue, to type: HLOType) -> HLOValue {
    x.type == type ? x : append("stablehlo.convert \(x.name)", [x], x.extents, type)
  }

  // MARK: Arrangement

  /// Axis i of `x` becomes axis `axes[i]` of the result; an extent of 1 stretches.
  mutating func broadcast(_ x: HLOValue, to extents: [Int], axes: [Int]) -> HLOValue {
    if x.extents == extents { return x }
    return append(
      "stablehlo.broadcast_in_dim \(x.name), dims = \(axes)", [x], extents, x.type)
  }

  /// Axes aligned at the right.
  mutating func stretch(_ x: HLOValue, to extents: [Int]) -> HLOValue {
    let added = extents.count - x.extents.count
    return broadcast(x, to: extents, axes: Array(added..<extents.count))
  }

  /// One number for each row, in all of its columns.
  mutating func acrossColumns(_ x: HLOValue, like rows: HLOValue) -> HLOValue {
    broadcast(x, to: rows.extents, axes: Array(0..<rows.extents.count - 1))
  }

  mutating func reshape(_ x: HLOValue, _ extents: [Int]) -> HLOValue {
    x.extents == extents
      ? x : append("stablehlo.reshape \(x.name)", [x], extents, x.type)
  }

  mutating func transpose(_ x: HLOValue, _ order: [Int]) -> HLOValue {
    append(
      "stablehlo.transpose \(x.name), dims = \(order)", [x], order.map { x.extents[$0] }, x.type)
  }

  mutating func concatenate(_ parts: [HLOValue], axis: Int) -> HLOValue {
    var extents = parts[0].extents
    extents[axis] = parts.reduce(0) { $0 + $1.extents[axis] }
    let names = parts.map(\.name).joined(separator: ", ")
    return append(
      "stablehlo.concatenate \(names), dim = \(axis)", parts, extents, parts[0].type)
  }

  mutating func slice(_ x: HLOValue, axis: Int, _ range: Range<Int>) -> HLOValue {
    var extents = x.extents
    extents[axis] = range.count
    let ranges = x.extents.indices.map { place in
      place == axis ? "\(range.lowerBound):\(range.upperBound)" : "0:\(x.extents[place])"
    }
    return append(
      "stablehlo.slice \(x.name) [\(ranges.joined(separator: ", "))]", [x], extents, x.type)
  }

  /// Zeros along one axis.
  mutating func pad(_ x: HLOValue, axis: Int, before: Int, after: Int) -> HLOValue {
    var extents = x.extents
    extents[axis] += before + after
    func list(_ amount: Int) -> [Int] { x.extents.indices.map { $0 == axis ? amount : 0 } }
    let zero = x.type == .f32 ? number(0) : whole(0, [], x.type)
    return append(
      "stablehlo.pad \(x.name), \(zero.name), low = \(list(before)), high = \(list(after)), "
        + "interior = \(list(0))", [x, zero], extents, x.type)
  }

  // MARK: Sums

  /// `function` over axes, which vanish, beginning with `first`.
  mutating func reduce(
    _ x: HLOValue, _ axes: [Int], by function: String, from first: HLOValue
  ) -> HLOValue {
    if axes.isEmpty { return x }
    let extents = x.extents.indices.filter { !axes.contains($0) }.map { x.extents[$0] }
    return append(
      "stablehlo.reduce(\(x.name) init: \(first.name)) applies stablehlo.\(function) across "
        + "dimensions = \(axes)", [x, first], extents, x.type)
  }

  mutating func sum(_ x: HLOValue, _ axes: [Int]) -> HLOValue {
    reduce(x, axes, by: "add", from: x.type == .f32 ? number(0) : whole(0, [], x.type))
  }

  /// Sums of rows.
  mutating func sumRows(_ x: HLOValue) -> HLOValue { sum(x, [x.extents.count - 1]) }

  /// The largest of each row.
  mutating func largestOfRows(_ x: HLOValue) -> HLOValue {
    reduce(x, [x.extents.count - 1], by: "maximum", from: number(-.infinity))
  }

  /// A product that sums over one axis of each and keeps pairs of axes apart, which come first in the result.
  mutating func dot(
    _ x: HLOValue, _ y: HLOValue, batch: (Int, Int)? = nil, contracting: (Int, Int)
  ) -> HLOValue {
    func kept(_ value: HLOValue, _ batch: Int?, _ contracting: Int) -> [Int] {
      value.extents.indices.filter { $0 != batch && $0 != contracting }.map { value.extents[$0] }
    }
    let extents =
      (batch.map { [x.extents[$0.0]] } ?? []) + kept(x, batch?.0, contracting.0)
      + kept(y, batch?.1, contracting.1)
    let pairs = batch.map { "batching_dims = [\($0.0)] x [\($0.1)], " } ?? ""
    let precision = x.type == .f32 ? ", precision = [HIGHEST, HIGHEST]" : ""
    return append(
      "stablehlo.dot_general \(x.name), \(y.name), \(pairs)contracting_dims = [\(contracting.0)] x "
        + "[\(contracting.1)]\(precision)", [x, y], extents, .f32)
  }
}
