import Foundation
import Testing

@testable import CVAEEvaluation

@Suite struct EvaluationReportTests {
  private func report(bits: Estimate?) -> EvaluationReport {
    EvaluationReport(
      split: "test", records: 1000, samples: 64, elbo: Estimate(mean: -12.5, standardError: 0.25),
      logLikelihood: Estimate(mean: -11.75, standardError: 0.125),
      kl: Estimate(mean: 2.5, standardError: 0.5),
      reconstruction: Estimate(mean: -10, standardError: nil),
      fields: [
        "image": Estimate(mean: -8, standardError: 1), "tag": Estimate(mean: -2, standardError: 1),
      ],
      klPerDimension: [2, 0.5] + [Double](repeating: 0, count: 10), klByLevel: nil, activeUnits: 2,
      bitsPerDimension: bits, greyFields: bits == nil ? ["image"] : [])
  }

  @Test func theJSONIsOneSortedLine() throws {
    let text = try report(bits: nil).json
    #expect(
      text == """
        {"activeUnits":2,"bitsPerByte":null,"bitsPerDimension":null,\
        "elbo":{"mean":-12.5,"standardError":0.25},"exchangedLatentLoss":null,\
        "fields":{"image":{"mean":-8,"standardError":1},"tag":{"mean":-2,"standardError":1}},\
        "kl":{"mean":2.5,"standardError":0.5},\
        "klPerDimension":[2,0.5,0,0,0,0,0,0,0,0,0,0],\
        "logLikelihood":{"mean":-11.75,"standardError":0.125},\
        "reconstruction":{"mean":-10,"standardError":null},\
        "records":1000,"samples":64,"split":"test"}
        """)
    let bits = try report(bits: Estimate(mean: 1.5, standardError: 0.5)).json
    #expect(bits.contains(#""bitsPerDimension":{"mean":1.5,"standardError":0.5}"#))
  }

  @Test func theTableIsAligned() {
    let lines = report(bits: Estimate(mean: 1.5, standardError: 0.5)).table
    #expect(
      lines == """
        records                       1000 (test)
        importance samples            64 for each record

        nats per record                       mean   standard error
        log-likelihood, at least           -11.750            0.125
        evidence lower bound               -12.500            0.250
          reconstruction                   -10.000          unknown
            image                           -8.000            1.000
            tag                             -2.000            1.000
          KL divergence                      2.500            0.500

        bits per dimension, at most          1.500            0.500
        active latent dimensions      2 of 12

        KL divergence by dimension
          from 0       2.000   0.500   0.000   0.000   0.000   0.000   0.000   0.000   0.000   0.000
          from 10      0.000   0.000
        """)
  }
}
