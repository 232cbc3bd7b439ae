import TensorGraph

extension OperationCase {
  /// One case for each width of rows that the models have: of latents, of pictures, of levels.
  private static func widths(
    _ kinds: Set<OperationKind>,
    _ build: @escaping (inout OperationGraph, _ rows: Int, _ width: Int) throws -> Node
  ) -> [OperationCase] {
    [10, 64, 784].map { width in
      OperationCase(kinds) { it, elements in try build(&it, elements / width, width) }
    }
  }

  static var arrangements: [OperationCase] {
    [
      OperationCase([.transpose]) { it, elements in
        let x = it.hidden([elements / 512, 512])
        return try it.graph.transpose(x, order: [1, 0])
      },
      OperationCase([.transpose]) { it, elements in
        let x = it.hidden([elements / 1024, 16, 64])
        return try it.graph.transpose(x, order: [1, 0, 2])
      },
    ]
      + widths([.concatenate, .slice]) { it, rows, width in
        let (x, y) = (it.hidden([rows / 2, width]), it.hidden([rows / 2, width]))
        return try it.graph.concatenate([x, y], axis: 1)
      }
      + widths([.slice, .pad]) { it, rows, width in
        let x = it.hidden([rows, width])
        return try it.graph.slice(x, axis: 1, 0..<width / 2)
      }
  }

  static var rows: [OperationCase] {
    widths([.sum, .broadcast]) { it, rows, width in
      let x = it.hidden([rows, width])
      return it.graph.square(try it.graph.sum(x, axes: [1]))
    }
      + widths([.maximum]) { it, rows, width in it.graph.maximum(it.data([rows, width])) }
      + widths([.gather, .scatterAdd]) { it, rows, width in
        let (table, indices) = (it.parameter([10, width]), it.indices(rows, below: 10))
        return try it.graph.gather(table, indices)
      }
      + widths([.softmax]) { it, rows, width in it.graph.softmax(it.hidden([rows, width])) }
      + widths([.logSoftmax]) { it, rows, width in it.graph.logSoftmax(it.hidden([rows, width])) }
      + widths([.normalizeRows, .normalizeRowsGradient]) { it, rows, width in
        let (x, scale) = (it.hidden([rows, width]), it.parameter([width]))
        return try it.graph.layerNormalization(x, scale: scale, shift: it.parameter([width]))
      }
  }

  static var recurrences: [OperationCase] {
    [
      OperationCase([.lstm, .lstmGradient]) { it, elements in
        let (batch, hidden) = (64, 256)
        let steps = elements / (4 * hidden * batch)
        return try it.graph.lstm(
          it.hidden([steps * batch, 4 * hidden]), shared: it.hidden([batch, 4 * hidden]),
          weight: it.parameter([hidden, 4 * hidden]), lengths: it.indices(batch, below: steps + 1))
      },
      OperationCase([.jointIndex]) { it, elements in
        let (first, second) = (
          it.indices(elements / 4, below: 10), it.indices(elements / 4, below: 9)
        )
        return try it.graph.gather(
          it.parameter([90, 4]), it.graph.jointIndex(first, second, columns: 9))
      },
    ]
  }

  static var attentions: [OperationCase] {
    let (batch, places, width) = (16, 64, 64)
    let weights = { (it: inout OperationGraph, elements: Int) in
      it.hidden([elements / places, places])
    }
    return [
      OperationCase([.recordProduct]) { it, elements in
        try it.graph.recordProduct(
          .scores, it.hidden([elements / width, width]), it.hidden([places * batch, width]),
          batch: batch)
      },
      OperationCase([.maskedSoftmax]) { it, elements in
        try it.graph.maskedSoftmax(
          weights(&it, elements), lengths: it.indices(batch, below: places + 1))
      },
      OperationCase([.matchingSum, .matchingSumGradient]) { it, elements in
        try it.graph.matchingSum(
          weights(&it, elements), source: it.indices(places * batch, below: 100),
          targets: it.indices(elements / places, below: 100))
      },
      OperationCase([.levelSums]) { it, elements in
        try it.graph.levelSums(
          it.data([elements / places, places]), source: it.indices(places * batch, below: 100),
          levels: 100)
      },
    ]
  }

  static var likelihoods: [OperationCase] {
    widths([.bernoulliLogLikelihood, .bernoulliLogLikelihoodGradient]) { it, rows, width in
      let (logits, targets) = (it.hidden([rows, width]), it.data([rows, width]))
      return try it.graph.bernoulliLogLikelihood(logits: logits, targets: targets)
    }
      + widths([.gaussianLogLikelihood]) { it, rows, width in
        let (mean, targets) = (it.hidden([rows, width]), it.data([rows, width]))
        return try it.graph.gaussianLogLikelihood(
          mean: mean, logDeviation: it.parameter([]), targets: targets)
      }
      + widths([.categoricalLogLikelihood, .categoricalLogLikelihoodGradient]) {
        it, rows, width in
        let (logits, indices) = (it.hidden([rows, width]), it.indices(rows, below: width))
        return try it.graph.categoricalLogLikelihood(logits: logits, indices: indices)
      }
      + [10, 784].map { columns in
        OperationCase([
          .discretizedLogisticLogLikelihood, .discretizedLogisticLogLikelihoodGradient,
        ]) { it, elements in
          let rows = elements / (2 * columns)
          let (targets, weights) = (it.data([rows, columns]), it.data([rows, columns]))
          return try it.graph.discretizedLogisticLogLikelihood(
            parameters: it.hidden([rows, 2 * columns]), targets: targets, weights: weights)
        }
      } + [
        // Three components for each of ten columns.
        OperationCase([.gaussianMixtureLogLikelihood, .gaussianMixtureLogLikelihoodGradient]) {
          it, elements in
          let rows = elements / 90
          let (targets, weights) = (it.data([rows, 10]), it.data([rows, 10]))
          return try it.graph.gaussianMixtureLogLikelihood(
            parameters: it.hidden([rows, 90]), targets: targets, weights: weights)
        },
        OperationCase([.gaussianDivergence]) { it, elements in
          let x = (0..<4).map { _ in it.hidden([elements / 64, 64]) }
          return try it.graph.gaussianDivergence(
            meanQ: x[0], logVarianceQ: x[1], meanP: x[2], logVarianceP: x[3])
        },
      ]
  }

  static var random: [OperationCase] {
    widths([.normal]) { it, rows, width in
      it.graph.normal("a", records: it.indices(rows, below: rows), columns: width)
    }
      + widths([.uniform]) { it, rows, width in
        it.graph.uniform("a", records: it.indices(rows, below: rows), columns: width)
      }
      + widths([.dropoutMask]) { it, rows, width in
        let (x, records) = (it.hidden([rows, width]), it.indices(rows, below: rows))
        return try it.graph.dropout(x, rate: 0.3, purpose: "a", records: records)
      }
      + widths([.bernoulliSample]) { it, rows, width in
        let (x, records) = (it.data([rows, width]), it.indices(rows, below: rows))
        return try it.graph.bernoulliSample(x, purpose: "a", records: records)
      }
      + widths([.categoricalSample]) { it, rows, width in
        let (x, records) = (it.data([rows, width]), it.indices(rows, below: rows))
        return try it.graph.categoricalSample(x, known: nil, purpose: "a", records: records)
      } + [
        OperationCase([.gaussianMixtureSample]) { it, elements in
          let rows = elements / 90
          let (x, records) = (it.data([rows, 90]), it.indices(rows, below: rows))
          return try it.graph.gaussianMixtureSample(
            x, columns: 10, purpose: "a", records: records)
        }
      ]
  }
}
