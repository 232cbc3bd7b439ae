import CVAEGeneration
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph
import Testing

/// Pictures of which a part is given.
@Suite struct PictureCompletionTests {
  private let size = ImageSize(height: 2, width: 3, channels: 3)

  /// Five pictures: all known, nothing known, and three in between. `filling` lies in the unknown pixels.
  private func pictures(filling: UInt8) -> [PartialPicture] {
    let masks = [0b111111, 0b000000, 0b000001, 0b110010, 0b011111]
    return masks.enumerated().map { picture, bits in
      let known = (0..<6).map { bits >> $0 & 1 == 1 }
      let bytes = (0..<18).map { place in
        known[place / 3] ? UInt8((picture * 53 + place * 29) % 256) : filling
      }
      return PartialPicture(size: size, bytes: bytes, known: Bitmap(known))
    }
  }

  private func completed(filling: UInt8, samples: Int = 2) throws -> [[UInt8]] {
    let model = try TinyTrained.completingModel(size)
    let column = RecordColumn(pictures(filling: filling), size: size)
    let conditions = try Conditions(["label": .any], count: 5, model: model)
      .giving(model.completedField().field, column)
    var request = DrawRequest(conditions, seed: 4)
    request.samples = samples
    // Batches that begin within the request, the last of them not full.
    return try Generator(model, executor: ReferenceExecutor(), batch: 2).draw(request)
      .map { records in
        let column = try #require(records.records["image"])
        #expect(column.width == 18 && column.cells == 6 && !column.hasMissing)
        guard case .bytes(let bytes) = column.values else {
          Issue.record("Completed pictures are bytes.")
          return []
        }
        return Array(bytes)
      }
  }

  @Test func knownPixelsStayToTheByte() throws {
    let answers = try completed(filling: 9)
    #expect(answers.count == 2)
    for answer in answers {
      try #require(answer.count == 5 * 18)
      for (number, picture) in pictures(filling: 9).enumerated() {
        for place in 0..<18 where picture.known[place / 3] {
          #expect(
            answer[number * 18 + place] == picture.bytes[place], "picture \(number), \(place)")
        }
      }
    }
  }

  /// What lies in pixels to fill is seen by nobody, and answers differ there alone.
  @Test func unknownPixelsAreDrawn() throws {
    let answers = try completed(filling: 9)
    #expect(try completed(filling: 250) == answers)
    for (number, picture) in pictures(filling: 9).enumerated() {
      let own = answers.map { Array($0[number * 18..<(number + 1) * 18]) }
      #expect((own[0] == own[1]) == !picture.hasUnknown, "picture \(number)")
    }
  }

  @Test func columnsOfAnotherCountAreRefused() throws {
    let model = try TinyTrained.completingModel(size)
    let conditions = try Conditions(["label": .any], count: 4, model: model)
    #expect(throws: InvalidRecords.self) {
      _ = try conditions.giving(
        model.completedField().field, RecordColumn(pictures(filling: 0), size: size))
    }
  }
}
