import CVAEEvaluation
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// Reports against closed forms on a linear Gaussian model.
@Suite struct EvaluatorTests {
  private let linear = LinearGaussian()
  private let all = Array(0..<5 as Range<Int32>)

  private func report(
    shift: [Double] = [0, 0], records: [Int32]? = nil, samples: Int = 4, batch: Int = 500
  ) throws -> EvaluationReport {
    try Evaluator(model: linear.model(shift: shift), executor: ReferenceExecutor(), batch: batch)
      .evaluate(linear.data(), records: records ?? all, samples: samples)
  }

  @Test func underTheExactPosteriorTheLogLikelihoodIsExact() throws {
    let report = try report()
    let exact = (0..<5).map(linear.exact)
    let mean = exact.reduce(0, +) / 5
    let variance = exact.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
    #expect(abs(report.logLikelihood.mean - mean) < 1e-5)
    let error = try #require(report.logLikelihood.standardError)
    #expect(abs(error - (variance / 5).squareRoot()) < 1e-5)
    #expect(report.records == 5)
    #expect(report.samples == 4)

    let one = try self.report(records: [3])
    #expect(abs(one.logLikelihood.mean - linear.exact(3)) < 1e-5)
    #expect(one.logLikelihood.standardError == nil)
  }

  @Test func theTermsAreTheirClosedForms() throws {
    let report = try report(samples: 2000)
    let divergences = (0..<5).map { record in
      let mean = linear.posteriorMean(record)
      return 0.5 * (1 / linear.precision + mean * mean - 1 + log(linear.precision))
    }
    let kl = divergences.reduce(0, +) / 5
    #expect(abs(report.kl.mean - kl) < 1e-5)
    #expect(abs(report.klPerDimension[0] - kl) < 1e-5)
    #expect(report.klPerDimension.count == 1)
    #expect(abs(report.elbo.mean - (report.reconstruction.mean - report.kl.mean)) < 1e-12)
    #expect(report.fields == ["row": report.reconstruction])
    // The bound is tight here.
    #expect(abs(report.elbo.mean - report.logLikelihood.mean) < 0.05)
  }

  @Test func theBoundTightensWithItsSamples() throws {
    let shift = [0.5, 0.7]
    let exact = (0..<5).map(linear.exact).reduce(0, +) / 5
    let few = try report(shift: shift, samples: 20)
    let many = try report(shift: shift, samples: 3000)
    #expect(many.elbo.mean < exact - 0.2)
    #expect(few.logLikelihood.mean > many.elbo.mean)
    #expect(abs(many.logLikelihood.mean - exact) < 0.02)
    #expect(abs(few.logLikelihood.mean - exact) > abs(many.logLikelihood.mean - exact))
  }

  @Test(arguments: [1, 2, 3, 5])
  func batchesDontMatter(batch: Int) throws {
    #expect(try report(shift: [0.3, 0.2], batch: batch) == report(shift: [0.3, 0.2]))
  }

  /// Without the standard deviations, the score would be that of the standardised numbers.
  @Test func bitsAreThoseOfTheDataInTheirUnits() throws {
    let report = try report()
    let bits = try #require(report.bitsPerDimension)
    #expect(abs(bits.mean + report.logLikelihood.mean / (3 * log(2))) < 1e-12)
    let error = try #require(report.logLikelihood.standardError)
    #expect(abs((bits.standardError ?? 0) - error / (3 * log(2))) < 1e-12)
    #expect(report.greyFields.isEmpty)
  }

  @Test func dimensionsThatFollowTheDataAreActive() throws {
    #expect(try report().activeUnits == 1)
    // One record's mean doesn't vary.
    #expect(try report(records: [2]).activeUnits == 0)
  }

  @Test func failuresAreSentences() throws {
    let evaluator = try Evaluator(model: linear.model(), executor: ReferenceExecutor())
    let data = try linear.data()
    #expect(throws: EvaluationFailure.noRecords(split: "test")) {
      try evaluator.evaluate(data, records: [], samples: 4, split: "test")
    }
    #expect(throws: EvaluationFailure.noSamples(0)) {
      try evaluator.evaluate(data, records: [0], samples: 0)
    }
    let extreme = try DataSet(
      schema: LinearGaussian.schema,
      columns: [.numbers([0, 0, 0, 1e30, 0, 0], width: 3), .levels([0, 1] as [Int32])],
      source: "extreme")
    let steep = try Evaluator(model: linear.model(slope: 1), executor: ReferenceExecutor())
    #expect(throws: EvaluationFailure.notFinite(record: 1, source: "extreme")) {
      try steep.evaluate(extreme, records: [0, 1], samples: 2)
    }
    #expect(
      "\(EvaluationFailure.noRecords(split: "test"))"
        == "Expected at least one record to score, got none in 'test'; choose another split.")
    #expect(
      "\(EvaluationFailure.noSamples(0))"
        == "Expected at least 1 importance sample for each record, got 0.")
    #expect("\(EvaluationFailure.notFinite(record: 1, source: "x"))".contains("record 1 of x"))
  }
}
