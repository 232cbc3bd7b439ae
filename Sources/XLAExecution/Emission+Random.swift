import TensorGraph

/// Random numbers by (seed, purpose, step, record): the words of Philox are those of all executors, bit for bit.
extension Emission {
  /// Four words for each record and block, `[rows, blocks]`, as ``RandomPosition/words(_:record:block:)``.
  private mutating func words(
    _ purpose: RandomPurpose, _ records: HLOValue, blocks: Int
  ) -> [HLOValue] {
    let extents = [records.extents[0], blocks]
    let position = (0..<3).map { place in
      builder.broadcast(
        builder.reshape(builder.slice(self.position, axis: 0, place..<place + 1), []),
        to: extents, axes: [])
    }
    var key = [position[0], position[1]]
    // Record numbers keep their bits.
    let record = builder.append(
      "stablehlo.bitcast_convert \(records.name)", [records], records.extents, .ui32)
    var word = [
      builder.iota(extents, axis: 1, .ui32),
      builder.broadcast(record, to: extents, axes: [0]), position[2],
      builder.whole(Int(purpose.stream), extents, .ui32),
    ]
    let increments = [0x9E37_79B9, 0xBB67_AE85].map { builder.whole($0, extents, .ui32) }
    for _ in 0..<10 {
      let first = wideProduct(word[0], 0xD251_1F53)
      let second = wideProduct(word[2], 0xCD9E_8D57)
      word = [
        builder.zip("xor", builder.zip("xor", second.high, word[1]), key[0]), second.low,
        builder.zip("xor", builder.zip("xor", first.high, word[3]), key[1]), first.low,
      ]
      key = Swift.zip(key, increments).map { builder.add($0, $1) }
    }
    return word
  }

  /// All 64 bits of a product.
  private mutating func wideProduct(
    _ x: HLOValue, _ factor: Int
  ) -> (high: HLOValue, low: HLOValue) {
    let wide = builder.multiply(
      builder.convert(x, to: .ui64), builder.whole(factor, x.extents, .ui64))
    let high = builder.zip(
      "shift_right_logical", wide, builder.whole(32, x.extents, .ui64))
    return (builder.convert(high, to: .ui32), builder.convert(wide, to: .ui32))
  }

  /// A number in (0, 1) of the upper 24 bits; the largest would round to 1 and is the one below it instead.
  private mutating func unit(_ words: HLOValue) -> HLOValue {
    let bits = builder.zip(
      "shift_right_logical", words, builder.whole(8, words.extents, .ui32))
    let number = builder.scale(builder.add(builder.convert(bits, to: .f32), 0.5), by: 0x1p-24)
    return builder.zip("minimum", number, builder.number(0x1.fffffep-1, words.extents))
  }

  /// Words of each column, four columns in a block.
  private mutating func columns(_ lanes: [HLOValue], _ shape: Shape) -> HLOValue {
    let (rows, blocks) = (lanes[0].extents[0], lanes[0].extents[1])
    let parts = lanes.map { builder.reshape($0, [rows, blocks, 1]) }
    let all = builder.reshape(builder.concatenate(parts, axis: 2), [rows, 4 * blocks])
    return 4 * blocks == shape.columns
      ? all : builder.slice(all, axis: 1, 0..<shape.columns)
  }

  mutating func uniform(
    _ purpose: RandomPurpose, _ records: HLOValue, _ shape: Shape
  ) -> HLOValue {
    let words = words(purpose, records, blocks: (shape.columns + 3) / 4)
    return unit(columns(words, shape))
  }

  mutating func normal(
    _ purpose: RandomPurpose, _ records: HLOValue, _ shape: Shape
  ) -> HLOValue {
    let words = words(purpose, records, blocks: (shape.columns + 3) / 4)
    let pairs = [(0, 1), (2, 3)].flatMap { first, second in
      let pair = normalPair(words[first], words[second])
      return [pair.cosine, pair.sine]
    }
    return columns(pairs, shape)
  }

  /// Two standard normal numbers (Box and Muller, 1958). The logarithm near 1 and the angle's quadrant are taken
  /// apart, since float32 would lose digits there.
  private mutating func normalPair(
    _ first: HLOValue, _ second: HLOValue
  ) -> (cosine: HLOValue, sine: HLOValue) {
    let radiusOf = unit(first)
    let extents = radiusOf.extents
    let radius = builder.map("sqrt", builder.scale(builder.log(radiusOf), by: -2))
    let turns = unit(second)
    let quadrant = builder.map("round_nearest_even", builder.scale(turns, by: 4))
    let rest = builder.subtract(turns, builder.scale(quadrant, by: 0.25))
    let angle = builder.scale(rest, by: 2 * Double.pi)
    let (cosine, sine) = (builder.map("cosine", angle), builder.map("sine", angle))
    func isQuadrant(_ builder: inout HLOBuilder, _ number: Double) -> HLOValue {
      builder.compare(quadrant, "EQ", number)
    }
    let isOdd = builder.zip("or", isQuadrant(&builder, 1), isQuadrant(&builder, 3))
    let isLow = builder.zip("or", isQuadrant(&builder, 2), isQuadrant(&builder, 3))
    let turnsCosine = builder.zip("or", isQuadrant(&builder, 1), isQuadrant(&builder, 2))
    let x = builder.select(isOdd, sine, cosine)
    let y = builder.select(isOdd, cosine, sine)
    precondition(x.extents == extents, "A pair has the extents of its words.")
    return (
      builder.multiply(radius, builder.select(turnsCosine, builder.negate(x), x)),
      builder.multiply(radius, builder.select(isLow, builder.negate(y), y))
    )
  }

  mutating func dropoutMask(
    _ purpose: RandomPurpose, _ rate: Double, _ records: HLOValue, _ shape: Shape
  ) -> HLOValue {
    let number = uniform(purpose, records, shape)
    return builder.select(
      builder.compare(number, "LT", rate), builder.number(0, number.extents),
      builder.number(1 / (1 - rate), number.extents))
  }

  mutating func bernoulliSample(
    _ purpose: RandomPurpose, _ probabilities: HLOValue, _ records: HLOValue
  ) -> HLOValue {
    let extents = probabilities.extents
    let number = uniform(purpose, records, Shape(extents))
    return builder.select(
      builder.compare(number, "LT", probabilities), builder.number(1, extents),
      builder.number(0, extents))
  }

  // MARK: Levels and mixtures

  mutating func categoricalSample(
    _ purpose: RandomPurpose, _ logits: HLOValue, _ records: HLOValue, known: HLOValue?
  ) -> HLOValue {
    let rows = logits.extents[0]
    let share = builder.reshape(unit(words(purpose, records, blocks: 1)[0]), [rows])
    let drawn = place(logits, at: share)
    guard let known else { return drawn }
    let given = builder.stretch(known, to: [rows])
    let isKnown = builder.compare(
      given, "LT", builder.whole(logits.extents[1], given.extents))
    return builder.select(isKnown, given, drawn)
  }

  mutating func gaussianMixtureSample(
    _ purpose: RandomPurpose, _ parameters: HLOValue, _ records: HLOValue, _ shape: Shape
  ) -> HLOValue {
    let parts = mixtureParts(parameters, columns: shape.columns)
    let extents = parts[0].extents
    let words = words(purpose, records, blocks: shape.columns)
    let chosen = place(parts[0], at: unit(words[2]))
    let isChosen = builder.compare(
      builder.iota(extents, axis: 2), "EQ",
      builder.broadcast(chosen, to: extents, axes: [0, 1]))
    let zero = builder.number(0, extents)
    let mean = builder.sumRows(builder.select(isChosen, parts[1], zero))
    let given = builder.sumRows(builder.select(isChosen, parts[2], zero))
    let atLeast = builder.zip(
      "maximum", given, builder.number(GaussianMixture.leastLogDeviation, given.extents))
    let log = builder.zip(
      "minimum", atLeast, builder.number(GaussianMixture.mostDrawnLogDeviation, given.extents))
    let noise = normalPair(words[0], words[1]).cosine
    return builder.add(mean, builder.multiply(builder.exp(log), noise))
  }

  /// The first place up to which the softmax over the last axis sums to more than `share`; the last if none does.
  private mutating func place(_ logits: HLOValue, at share: HLOValue) -> HLOValue {
    let axis = logits.extents.count - 1
    let count = logits.extents[axis]
    let top = builder.acrossColumns(builder.largestOfRows(logits), like: logits)
    let weights = builder.exp(builder.subtract(logits, top))
    let bound = builder.multiply(share, builder.sumRows(weights))
    // Sums up to each place, in steps that double.
    var sums = weights
    var distance = 1
    while distance < count {
      let moved = builder.pad(
        builder.slice(sums, axis: axis, 0..<count - distance), axis: axis, before: distance,
        after: 0)
      sums = builder.add(sums, moved)
      distance *= 2
    }
    let isBefore = builder.compare(sums, "LE", builder.acrossColumns(bound, like: logits))
    let passed = builder.sumRows(builder.convert(isBefore, to: .i32))
    return builder.zip("minimum", passed, builder.whole(count - 1, passed.extents))
  }
}
