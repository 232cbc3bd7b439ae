import TensorGraph

/// Operations over the last axis.
extension Emission {
  mutating func softmax(_ x: HLOValue) -> HLOValue {
    let top = builder.acrossColumns(builder.largestOfRows(x), like: x)
    let weights = builder.exp(builder.subtract(x, top))
    return builder.divide(weights, builder.acrossColumns(builder.sumRows(weights), like: x))
  }

  mutating func logSoftmax(_ x: HLOValue) -> HLOValue {
    let rest = builder.subtract(x, builder.acrossColumns(builder.largestOfRows(x), like: x))
    let total = builder.log(builder.sumRows(builder.exp(rest)))
    return builder.subtract(rest, builder.acrossColumns(total, like: x))
  }

  /// log Σ exp(x) of each row.
  mutating func logSumExp(_ x: HLOValue) -> HLOValue {
    let top = builder.largestOfRows(x)
    let rest = builder.exp(builder.subtract(x, builder.acrossColumns(top, like: x)))
    return builder.add(top, builder.log(builder.sumRows(rest)))
  }

  /// (x − mean)/σ, and 1/σ in every column.
  mutating func normalizedRows(
    _ x: HLOValue, _ epsilon: Double
  ) -> (normal: HLOValue, deviation: HLOValue) {
    let distance = builder.subtract(x, meanOfRows(x))
    let variance = builder.add(meanOfRows(builder.square(distance)), epsilon)
    let deviation = builder.map("sqrt", variance)
    return (builder.divide(distance, deviation), deviation)
  }

  mutating func normalizeRowsGradient(
    _ x: HLOValue, _ upstream: HLOValue, _ epsilon: Double
  ) -> HLOValue {
    let (normal, deviation) = normalizedRows(x, epsilon)
    let along = builder.multiply(normal, meanOfRows(builder.multiply(normal, upstream)))
    let rest = builder.subtract(builder.subtract(upstream, meanOfRows(upstream)), along)
    return builder.divide(rest, deviation)
  }

  /// Each row's mean, in all of its columns.
  private mutating func meanOfRows(_ x: HLOValue) -> HLOValue {
    let columns = x.extents.last ?? 1
    let mean = builder.scale(builder.sumRows(x), by: 1 / Double(columns))
    return builder.acrossColumns(mean, like: x)
  }

  // MARK: Rows by index

  mutating func gather(_ table: HLOValue, _ indices: HLOValue) -> HLOValue {
    let width = table.extents[1]
    return builder.append(
      "\"stablehlo.gather\"(\(table.name), \(indices.name)) <{dimension_numbers = "
        + "#stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], "
        + "index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 1, \(width)>}>",
      [table, indices], [indices.extents[0], width], .f32)
  }

  /// Tables up to this many levels gather their gradient by a product with one-hot rows: some devices would scatter
  /// row by row, others in no fixed order.
  private static let mostOneHotLevels = 512

  mutating func scatterAdd(_ rows: HLOValue, _ indices: HLOValue, _ levels: Int) -> HLOValue {
    if levels <= Self.mostOneHotLevels {
      let mask = isLevel(indices, levels)
      let extents = mask.extents
      let oneHot = builder.select(
        mask, builder.number(1, extents), builder.number(0, extents))
      return builder.dot(oneHot, rows, contracting: (0, 0))
    }
    let zeros = builder.number(0, [levels, rows.extents[1]])
    let (first, second, sum) = (builder.newName(), builder.newName(), builder.newName())
    return builder.append(
      "\"stablehlo.scatter\"(\(zeros.name), \(indices.name), \(rows.name)) <{indices_are_sorted = false, "
        + "scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], "
        + "inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, "
        + "unique_indices = false}> ({ ^bb0(\(first): tensor<f32>, \(second): tensor<f32>): "
        + "\(sum) = stablehlo.add \(first), \(second) : tensor<f32> stablehlo.return \(sum) : "
        + "tensor<f32> })",
      [zeros, indices, rows], zeros.extents, .f32)
  }

  /// Whether an index is that of a column, `[rows, levels]`.
  mutating func isLevel(_ indices: HLOValue, _ levels: Int) -> HLOValue {
    let extents = [indices.extents[0], levels]
    return builder.compare(
      builder.iota(extents, axis: 1), "EQ", builder.broadcast(indices, to: extents, axes: [0]))
  }

  mutating func jointIndex(
    _ first: HLOValue, _ second: HLOValue, _ columns: Int, _ shape: Shape
  ) -> HLOValue {
    let rows = builder.stretch(first, to: shape.dimensions)
    let places = builder.stretch(second, to: shape.dimensions)
    return builder.add(
      builder.multiply(rows, builder.whole(columns, shape.dimensions)), places)
  }
}
