/// Random numbers by (seed, purpose, step, record), in `Double`.
enum ReferenceRandomNumbers {
  static func normal(
    _ purpose: RandomPurpose, _ records: [Int32], _ shape: Shape, at position: RandomPosition
  ) -> Tensor {
    draw(records, shape) { position.normal(purpose, record: $0, column: $1) }
  }

  static func uniform(
    _ purpose: RandomPurpose, _ records: [Int32], _ shape: Shape, at position: RandomPosition
  ) -> Tensor {
    draw(records, shape) { position.uniform(purpose, record: $0, column: $1) }
  }

  /// 0 where the uniform number is less than the rate.
  static func dropoutMask(
    _ purpose: RandomPurpose, _ rate: Double, _ records: [Int32], _ shape: Shape,
    at position: RandomPosition
  ) -> Tensor {
    let kept = 1 / (1 - rate)
    return uniform(purpose, records, shape, at: position).map { $0 < rate ? 0 : kept }
  }

  /// 1 where the uniform number is less than the probability.
  static func bernoulli(
    _ purpose: RandomPurpose, _ probabilities: Tensor, _ records: [Int32],
    at position: RandomPosition
  ) -> Tensor {
    uniform(purpose, records, probabilities.shape, at: position)
      .zip(probabilities) { $0 < $1 ? 1 : 0 }
  }

  private static func draw(
    _ records: [Int32], _ shape: Shape, _ number: (UInt32, Int) -> Double
  ) -> Tensor {
    let values = records.flatMap { record in
      (0..<shape.columns).map { number(UInt32(bitPattern: record), $0) }
    }
    return Tensor(shape, values)
  }
}
