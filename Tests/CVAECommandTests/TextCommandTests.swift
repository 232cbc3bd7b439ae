import Foundation
import Testing

/// What commands say of models of texts.
@Suite(.sharedRun(.texts)) struct TextCommandTests {
  private let run: TrainedRun
  private let folder: TemporaryFolder

  init() throws {
    run = try SharedRun.run()
    folder = try TemporaryFolder()
  }

  @Test func transferredTextsStandBesideTheirSources() throws {
    func transfer(_ more: String..., to output: String) throws -> [String] {
      let result = try Command.run(
        ["transfer", run.path, run.data, "--records", "0,1", "--given", "kind=part"] + more
          + ["--output", folder.file(output)])
      #expect(result.status == 0, "\(result.errors)")
      return try folder.lines(output)
    }
    let lines = try transfer(to: "a.csv")
    #expect(lines.count == 3 && lines[0] == "input,input kind,input short,kind,long,short")
    #expect(lines[1].hasPrefix("0,land,river river,part,the river and a river of 0,"))
    #expect(lines[2].hasPrefix("1,part,wheel wheel,part,the wheel and a wheel of 1,"))
    let drawn = try transfer("--sample", "--alternatives", "2", to: "b.jsonl")
    #expect(
      drawn.map { $0.contains(#""input short":"river river""#) } == [true, true, false, false])
    // Several inputs as one have no such text.
    #expect(try transfer("--combine", to: "c.csv")[0] == "kind,long,short")
  }

  @Test func tablesWithoutTheTextAreRefused() throws {
    let other = try folder.put("gloss,kind\na b,land\nb c,part\na b,land\n".utf8, "other.csv")
    let arguments = ["transfer", run.path, other, "--given", "kind=part"]
    try Command.run(arguments + ["--output", folder.file("o.csv")]).expectRefusal(
      "other.csv: expected the columns 'long' and 'short', which the model has, got ", "'kind'")
    try Command.run(arguments + ["--from", "long=x", "--output", folder.file("o.csv")])
      .expectRefusal("other.csv: expected the column 'short', which the model has, got ")
  }
}
