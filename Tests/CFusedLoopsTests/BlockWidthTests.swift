import CFusedLoops
import Testing

/// Convolutions on blocks of 8 and of 16 channels, whichever the processor has: executors use one of
/// the two.
@Suite struct BlockWidthTests {
  struct Sizes: CustomTestStringConvertible, Sendable {
    let block: Int
    let inputs: Int
    let outputs: Int
    let threads: Int
    var type = CVAE_FLOAT32
    var batch = 3
    var height = 6
    var width = 9
    var pixels: Int { height * width }
    var testDescription: String {
      "\(inputs)→\(outputs) in \(block)s, \(batch) of \(height) × \(width), \(threads) threads, "
        + (type == CVAE_FLOAT32 ? "float32" : "bfloat16")
    }
  }

  /// Pictures `[batch, height, width, channels]` of small integers, so that sums are exact.
  private static func pictures(_ sizes: Sizes, _ channels: Int) -> [Float] {
    (0..<sizes.batch * sizes.pixels * channels).map { Float(($0 * 7919 + 13) % 11 - 5) }
  }

  private static func kernel(_ inputs: Int, _ outputs: Int) -> [Float] {
    (0..<9 * inputs * outputs).map { Float(($0 * 104729 + 7) % 7 - 3) }
  }

  private static func blocked(_ rowMajor: [Float], _ channels: Int, _ sizes: Sizes) -> [Float] {
    var result = rowMajor
    let (block, pixels) = (sizes.block, sizes.pixels)
    for index in rowMajor.indices {
      let (place, channel) = (index / channels, index % channels)
      let (picture, pixel) = (place / pixels, place % pixels)
      let group = picture * (channels / block) + channel / block
      result[(group * pixels + pixel) * block + channel % block] = rowMajor[index]
    }
    return result
  }

  /// Pairs of pixels that the kernel's place (p, q) joins: what is read, what is written.
  private static func forEachPair(
    _ sizes: Sizes, _ body: (_ place: Int, _ from: Int, _ to: Int) -> Void
  ) {
    let (height, width) = (sizes.height, sizes.width)
    for place in 0..<9 {
      for picture in 0..<sizes.batch {
        for y in 0..<height {
          for x in 0..<width {
            let (above, left) = (y + place / 3 - 1, x + place % 3 - 1)
            guard 0..<height ~= above, 0..<width ~= left else { continue }
            let start = picture * sizes.pixels
            body(place, start + above * width + left, start + y * width + x)
          }
        }
      }
    }
  }

  /// The layer without its bias, and the gradients by pictures, kernel and bias, by their definition.
  private struct Definition {
    var result: [Float]
    var byPictures: [Float]
    var byKernel: [Float]
    var byBias: [Float]

    init(_ x: [Float], _ upstream: [Float], _ kernel: [Float], _ sizes: Sizes) {
      let (inputs, outputs) = (sizes.inputs, sizes.outputs)
      var (result, byPictures) = (upstream.map { _ in Float(0) }, x.map { _ in Float(0) })
      var byKernel = kernel.map { _ in Float(0) }
      BlockWidthTests.forEachPair(sizes) { place, from, to in
        for c in 0..<inputs {
          for k in 0..<outputs {
            let weight = (place * inputs + c) * outputs + k
            result[to * outputs + k] += x[from * inputs + c] * kernel[weight]
            byPictures[from * inputs + c] += upstream[to * outputs + k] * kernel[weight]
            byKernel[weight] += x[from * inputs + c] * upstream[to * outputs + k]
          }
        }
      }
      byBias = [Float](repeating: 0, count: outputs)
      for (index, number) in upstream.enumerated() { byBias[index % outputs] += number }
      (self.result, self.byPictures, self.byKernel) = (result, byPictures, byKernel)
    }
  }

  /// The largest difference, over the largest number.
  private static func difference(_ actual: [Float], _ expected: [Float]) -> Float {
    let largest = expected.map(abs).max() ?? 1
    return zip(actual, expected).map { abs($0 - $1) }.max().map { $0 / largest } ?? .infinity
  }

  /// One group of tiles, and several for each of several threads; tiles over the edge, and none.
  private static let many = [8, 16].flatMap { block in
    [1, 3].flatMap { threads in
      [
        Sizes(block: block, inputs: block, outputs: block, threads: threads),
        Sizes(block: block, inputs: 3 * block, outputs: block, threads: threads),
        Sizes(block: block, inputs: 2 * block, outputs: 3 * block, threads: threads),
        Sizes(block: block, inputs: block, outputs: block, threads: threads, batch: 25),
        Sizes(
          block: block, inputs: block, outputs: 2 * block, threads: threads, batch: 20, height: 8,
          width: 12),
      ]
    }
  }

  /// The same, and as bfloat16 where pictures may be that.
  private static let manyOfEachType = withNarrow(many)

  private static func withNarrow(_ sizes: [Sizes]) -> [Sizes] {
    sizes
      + sizes.filter { $0.block == 16 }.map {
        var narrow = $0
        narrow.type = CVAE_BFLOAT16
        return narrow
      }
  }

  /// Numbers as one of the types, for loops to read and to write.
  private final class Memory {
    let tensor: cvae_tensor
    private let count: Int

    /// Small whole numbers are the same in both types.
    init(_ numbers: [Float], _ type: cvae_type) {
      count = numbers.count
      let data = UnsafeMutableRawPointer.allocate(byteCount: 4 * numbers.count, alignment: 64)
      tensor = cvae_tensor(data: data, type: type)
      for (index, number) in numbers.enumerated() {
        if type == CVAE_FLOAT32 {
          data.storeBytes(of: number, toByteOffset: 4 * index, as: Float.self)
        } else {
          data.storeBytes(
            of: UInt16(number.bitPattern >> 16), toByteOffset: 2 * index, as: UInt16.self)
        }
      }
    }

    deinit { tensor.data?.deallocate() }

    var numbers: [Float] {
      guard let data = tensor.data else { return [] }
      return (0..<count).map {
        tensor.type == CVAE_FLOAT32
          ? data.load(fromByteOffset: 4 * $0, as: Float.self)
          : Float(
            bitPattern: UInt32(data.load(fromByteOffset: 2 * $0, as: UInt16.self)) << 16)
      }
    }
  }

  /// What rounding a result to its type may change, over the largest number.
  private static func tolerance(_ type: cvae_type) -> Float {
    type == CVAE_FLOAT32 ? 1e-5 : 1e-5 + 0x1p-9
  }

  /// What a result goes through.
  enum Function: CaseIterable { case none, relu, negate }

  @Test(arguments: manyOfEachType, Function.allCases)
  func winogradIsTheSum(sizes: Sizes, function: Function) {
    let (inputs, outputs) = (sizes.inputs, sizes.outputs)
    let (x, upstream) = (Self.pictures(sizes, inputs), Self.pictures(sizes, outputs))
    let kernel = Self.kernel(inputs, outputs)
    let bias = (0..<outputs).map { Float($0) - 3 }
    let expected = Definition(x, upstream, kernel, sizes)
    let blockedX = Memory(Self.blocked(x, inputs, sizes), sizes.type)
    let blockedUpstream = Memory(Self.blocked(upstream, outputs, sizes), sizes.type)
    let byPictures = Memory(x.map { _ in .nan }, sizes.type)
    var byKernel = [Float](repeating: .nan, count: kernel.count)
    var byBias = [Float](repeating: .nan, count: outputs)
    let source = cvae_pictures(
      batch: sizes.batch, height: sizes.height, width: sizes.width, channels: inputs,
      block: sizes.block)
    var target = source
    target.channels = outputs
    let threads = Int32(sizes.threads)
    let room = max(
      cvae_winograd_scratch(source, outputs, threads),
      cvae_winograd_scratch(target, inputs, threads))
    var scratch = [Float](repeating: .nan, count: room)
    let activation = cvae_activation(
      exists: function != .none, function: function == .relu ? CVAE_RELU : CVAE_NEGATE, slope: 0)
    // The result begins as the addend.
    let result = Memory(blockedUpstream.numbers, sizes.type)
    cvae_winograd(
      source, blockedX.tensor, kernel, bias, result.tensor, activation, result.tensor, outputs,
      &scratch, threads)
    cvae_winograd_by_pictures(
      target, blockedUpstream.tensor, kernel, byPictures.tensor, inputs, &scratch, threads)
    cvae_winograd_by_weights(
      source, blockedX.tensor, blockedUpstream.tensor, &byKernel, &byBias, outputs, &scratch,
      threads)
    let whole = expected.result.indices.map { index in
      let sum = expected.result[index] + bias[index % outputs] + upstream[index]
      return switch function {
      case .none: sum
      case .relu: max(0, sum)
      case .negate: -sum
      }
    }
    let tolerance = Self.tolerance(sizes.type)
    #expect(
      Self.difference(result.numbers, Self.blocked(whole, outputs, sizes)) < tolerance)
    #expect(
      Self.difference(byPictures.numbers, Self.blocked(expected.byPictures, inputs, sizes))
        < tolerance)
    #expect(Self.difference(byKernel, expected.byKernel) < 1e-5)
    #expect(byBias == expected.byBias)
  }

  /// Also more threads than pictures.
  private static let thin = [8, 16].flatMap { block in
    [(1, block), (3, 2 * block), (2 * block, 1), (block, 4)].flatMap { inputs, outputs in
      [2, 5].map { Sizes(block: block, inputs: inputs, outputs: outputs, threads: $0) }
    }
  }

  @Test(arguments: withNarrow(thin)) func fewChannelsAreTheSum(sizes: Sizes) {
    let (inputs, outputs) = (sizes.inputs, sizes.outputs)
    let (x, upstream) = (Self.pictures(sizes, inputs), Self.pictures(sizes, outputs))
    let kernel = Self.kernel(inputs, outputs)
    let bias = (0..<outputs).map { Float($0) - 3 }
    let expected = Definition(x, upstream, kernel, sizes)
    let fromMany = inputs > outputs
    let (few, many) = (min(inputs, outputs), max(inputs, outputs))
    let wide = cvae_pictures(
      batch: sizes.batch, height: sizes.height, width: sizes.width, channels: many,
      block: sizes.block)
    let threads = Int32(sizes.threads)
    var scratch = [Float](repeating: .nan, count: cvae_thin_scratch(wide, few, threads))
    let none = cvae_activation(exists: false, function: CVAE_RELU, slope: 0)
    let negated = cvae_activation(exists: true, function: CVAE_NEGATE, slope: 0)
    let straight = cvae_thin_order(from_many: fromMany, turned: false)
    let turned = cvae_thin_order(from_many: fromMany, turned: true)
    func lay(_ rowMajor: [Float], _ channels: Int) -> [Float] {
      channels == many ? Self.blocked(rowMajor, channels, sizes) : rowMajor
    }
    let laidX = Memory(lay(x, inputs), sizes.type)
    let laidUpstream = Memory(lay(upstream, outputs), sizes.type)
    let result = Memory(upstream.map { _ in .nan }, sizes.type)
    let byPictures = Memory(x.map { _ in .nan }, sizes.type)
    var byKernel = [Float](repeating: .nan, count: kernel.count)
    var byBias = [Float](repeating: .nan, count: outputs)
    let forward = fromMany ? cvae_thin_gather : cvae_thin_spread
    let backward = fromMany ? cvae_thin_spread : cvae_thin_gather
    forward(
      wide, few, laidX.tensor, kernel, straight, bias, negated, result.tensor, &scratch, threads)
    backward(
      wide, few, laidUpstream.tensor, kernel, turned, nil, none, byPictures.tensor, &scratch,
      threads)
    cvae_thin_correlate(
      wide, few, (fromMany ? laidX : laidUpstream).tensor,
      (fromMany ? laidUpstream : laidX).tensor, fromMany, &byKernel, &byBias, &scratch, threads)
    let whole = expected.result.indices.map { -(expected.result[$0] + bias[$0 % outputs]) }
    // Sums of whole numbers are exact but for the rounding of a result to its type.
    let tolerance: Float = sizes.type == CVAE_FLOAT32 ? 0 : 0x1p-9
    #expect(Self.difference(result.numbers, lay(whole, outputs)) <= tolerance)
    #expect(
      Self.difference(byPictures.numbers, lay(expected.byPictures, inputs)) <= tolerance)
    #expect(byKernel == expected.byKernel)
    #expect(byBias == expected.byBias)
  }
}
