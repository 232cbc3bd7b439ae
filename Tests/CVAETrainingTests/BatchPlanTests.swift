import CVAEModels
import RecordTypes
import Testing

@testable import CVAETraining

/// Records with texts come in batches of texts of about one length.
@Suite struct BatchPlanTests {
  private static let count = 400
  private static let documents = (0..<count).map { 5 + ($0 * 37) % 120 }
  private static let summaries = (0..<count).map { 1 + ($0 * 11) % 17 }
  private static let (document, summary) = (
    Field(name: "document", kind: FieldKind(TextKind(longest: 128))),
    Field(name: "summary", kind: FieldKind(TextKind(longest: 24)))
  )

  private static func plan(batch: Int = 8, isDocumentWritten: Bool = false) -> BatchPlan {
    BatchPlan(
      batch: batch,
      texts: [
        .init(name: "summary", isWritten: true, tokens: summaries),
        .init(name: "document", isWritten: isDocumentWritten, tokens: documents),
      ], records: count)
  }

  /// Each record once, in a size that has room for its texts, but for what fills no batch in the end.
  @Test func textsFitTheirBatches() {
    let plan = Self.plan()
    let batches = plan.batches((0..<Int32(Self.count)).reversed())
    let all = batches.flatMap(\.records)
    #expect(Set(all).count == all.count)
    #expect(Self.count - all.count < plan.sizes[plan.sizes.count - 1].records)
    for batch in batches {
      let size = plan.sizes[batch.size]
      #expect(batch.records.count == size.records)
      for record in batch.records.map(Int.init) {
        #expect(Self.documents[record] <= size.steps[Self.document])
        #expect(Self.summaries[record] <= size.steps[Self.summary])
      }
    }
  }

  /// A short document has few steps, and a short summary beside a long document, too.
  @Test func eachTextHasItsOwnSteps() throws {
    let plan = Self.plan()
    let read = plan.sizes.map { $0.steps[Self.document] }
    #expect(read.min() == 6 && read.max() == 128 && Set(read).count > 10)
    let written = Set(
      plan.sizes.filter { $0.steps[Self.document] == 128 }.map { $0.steps[Self.summary] })
    #expect(written == [12, 18])
    // What is only read doesn't make batches small.
    let long = try #require(plan.sizes.last)
    #expect(long.records == 8)
    #expect(Self.plan(isDocumentWritten: true).sizes.last?.records == 2)
  }

  @Test func validationScoresEveryRecordOnce() {
    let plan = Self.plan()
    let records = (0..<Int32(100)).map { $0 * 3 }
    let parts = plan.complete(records)
    #expect(parts.flatMap { $0.batch.records.prefix($0.count) }.sorted() == records)
    #expect(parts.allSatisfy { $0.batch.records.count == plan.sizes[$0.batch.size].records })
  }

  @Test func withoutTextsThereIsOneSize() {
    let plan = BatchPlan(batch: 7)
    #expect(!plan.hasTexts && plan.sizes.count == 1)
    #expect(plan.batches((0..<30).map { $0 }).map(\.records.count) == [7, 7, 7, 7])
  }
}
