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
    var testDescription: String { "\(inputs)→\(outputs) in \(block)s, \(threads) threads" }
  }

  private static let batch = 3, height = 6, width = 9
  private static var pixels: Int { height * width }

  /// Pictures `[batch, height, width, channels]` of small integers, so that sums are exact.
  private static func pictures(_ channels: Int) -> [Float] {
    (0..<batch * pixels * channels).map { Float(($0 * 7919 + 13) % 11 - 5) }
  }

  private static func kernel(_ inputs: Int, _ outputs: Int) -> [Float] {
    (0..<9 * inputs * outputs).map { Float(($0 * 104729 + 7) % 7 - 3) }
  }

  private static func blocked(_ rowMajor: [Float], _ channels: Int, _ block: Int) -> [Float] {
    var result = rowMajor
    for index in rowMajor.indices {
      let (place, channel) = (index / channels, index % channels)
      let (picture, pixel) = (place / pixels, place % pixels)
      let group = picture * (channels / block) + channel / block
      result[(group * pixels + pixel) * block + channel % block] = rowMajor[index]
    }
    return result
  }

  /// Pairs of pixels that the kernel's place (p, q) joins: what is read, what is written.
  private static func forEachPair(_ body: (_ place: Int, _ from: Int, _ to: Int) -> Void) {
    for place in 0..<9 {
      for picture in 0..<batch {
        for y in 0..<height {
          for x in 0..<width {
            let (above, left) = (y + place / 3 - 1, x + place % 3 - 1)
            guard 0..<height ~= above, 0..<width ~= left else { continue }
            let start = picture * pixels
            body(place, start + above * width + left, start + y * width + x)
          }
        }
      }
    }
  }

  /// The layer, its gradient by the pictures, and by the kernel, by their definition.
  private static func definition(
    _ x: [Float], _ upstream: [Float], _ kernel: [Float], _ inputs: Int, _ outputs: Int
  ) -> (result: [Float], byPictures: [Float], byKernel: [Float]) {
    var result = [Float](repeating: 0, count: upstream.count)
    var byPictures = [Float](repeating: 0, count: x.count)
    var byKernel = [Float](repeating: 0, count: kernel.count)
    forEachPair { place, from, to in
      for c in 0..<inputs {
        for k in 0..<outputs {
          let weight = (place * inputs + c) * outputs + k
          result[to * outputs + k] += x[from * inputs + c] * kernel[weight]
          byPictures[from * inputs + c] += upstream[to * outputs + k] * kernel[weight]
          byKernel[weight] += x[from * inputs + c] * upstream[to * outputs + k]
        }
      }
    }
    return (result, byPictures, byKernel)
  }

  /// The largest difference, over the largest number.
  private static func difference(_ actual: [Float], _ expected: [Float]) -> Float {
    let largest = expected.map(abs).max() ?? 1
    return zip(actual, expected).map { abs($0 - $1) }.max().map { $0 / largest } ?? .infinity
  }

  private static let many = [8, 16].flatMap { block in
    [1, 3].flatMap { threads in
      [(block, block), (3 * block, block), (2 * block, 3 * block)].map {
        Sizes(block: block, inputs: $0.0, outputs: $0.1, threads: threads)
      }
    }
  }

  @Test(arguments: many) func winogradIsTheSum(sizes: Sizes) {
    let (inputs, outputs, block) = (sizes.inputs, sizes.outputs, sizes.block)
    let (x, upstream) = (Self.pictures(inputs), Self.pictures(outputs))
    let kernel = Self.kernel(inputs, outputs)
    let expected = Self.definition(x, upstream, kernel, inputs, outputs)
    let blockedX = Self.blocked(x, inputs, block)
    let blockedUpstream = Self.blocked(upstream, outputs, block)
    var result = [Float](repeating: .nan, count: upstream.count)
    var byPictures = [Float](repeating: .nan, count: x.count)
    var byKernel = [Float](repeating: .nan, count: kernel.count)
    let source = cvae_pictures(
      batch: Self.batch, height: Self.height, width: Self.width, channels: inputs, block: block)
    var target = source
    target.channels = outputs
    let threads = Int32(sizes.threads)
    var scratch = [Float](
      repeating: .nan, count: cvae_winograd_scratch(source, outputs, threads))
    let finish = cvae_finish(
      accumulate: false, activates: false, function: CVAE_RELU, slope: 0)
    cvae_winograd(
      source, blockedX, kernel, nil, finish, &result, outputs, &scratch, threads)
    cvae_winograd_by_pictures(
      target, blockedUpstream, kernel, &byPictures, inputs, &scratch, threads)
    cvae_winograd_by_weights(
      source, blockedX, blockedUpstream, &byKernel, nil, outputs, &scratch, threads)
    #expect(Self.difference(result, Self.blocked(expected.result, outputs, block)) < 1e-5)
    #expect(Self.difference(byPictures, Self.blocked(expected.byPictures, inputs, block)) < 1e-5)
    #expect(Self.difference(byKernel, expected.byKernel) < 1e-5)
  }

  private static let thin = [8, 16].flatMap { block in
    [(1, block), (3, 2 * block), (2 * block, 1), (block, 4)].map {
      Sizes(block: block, inputs: $0.0, outputs: $0.1, threads: 2)
    }
  }

  @Test(arguments: thin) func fewChannelsAreTheSum(sizes: Sizes) {
    let (inputs, outputs, block) = (sizes.inputs, sizes.outputs, sizes.block)
    let (x, upstream) = (Self.pictures(inputs), Self.pictures(outputs))
    let kernel = Self.kernel(inputs, outputs)
    let expected = Self.definition(x, upstream, kernel, inputs, outputs)
    let fromMany = inputs > outputs
    let (few, many) = (min(inputs, outputs), max(inputs, outputs))
    let wide = cvae_pictures(
      batch: Self.batch, height: Self.height, width: Self.width, channels: many, block: block)
    let threads = Int32(sizes.threads)
    var scratch = [Float](repeating: .nan, count: cvae_thin_scratch(wide, few, threads))
    let finish = cvae_finish(
      accumulate: false, activates: false, function: CVAE_RELU, slope: 0)
    let straight = cvae_thin_order(from_many: fromMany, turned: false)
    let turned = cvae_thin_order(from_many: fromMany, turned: true)
    func lay(_ rowMajor: [Float], _ channels: Int) -> [Float] {
      channels == many ? Self.blocked(rowMajor, channels, block) : rowMajor
    }
    let (laidX, laidUpstream) = (lay(x, inputs), lay(upstream, outputs))
    var result = [Float](repeating: .nan, count: upstream.count)
    var byPictures = [Float](repeating: .nan, count: x.count)
    var byKernel = [Float](repeating: .nan, count: kernel.count)
    if fromMany {
      cvae_thin_gather(
        wide, few, laidX, kernel, straight, nil, finish, &result, &scratch, threads)
      cvae_thin_spread(
        wide, few, laidUpstream, kernel, turned, nil, finish, &byPictures, &scratch, threads)
      cvae_thin_correlate(
        wide, few, laidX, laidUpstream, turned, &byKernel, nil, &scratch, threads)
    } else {
      cvae_thin_spread(
        wide, few, laidX, kernel, straight, nil, finish, &result, &scratch, threads)
      cvae_thin_gather(
        wide, few, laidUpstream, kernel, turned, nil, finish, &byPictures, &scratch, threads)
      cvae_thin_correlate(
        wide, few, laidUpstream, laidX, straight, &byKernel, nil, &scratch, threads)
    }
    #expect(result == lay(expected.result, outputs))
    #expect(byPictures == lay(expected.byPictures, inputs))
    #expect(byKernel == expected.byKernel)
  }
}
