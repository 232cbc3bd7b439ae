import Foundation
import RecordTypes
import Testing

@testable import ConditionalData

@Suite struct PreprocessingTests {
  private func data(
    heel: [Double] = [1, 3, .nan, 5, 1000], label: [Int32?] = [0, 2, 2, nil, 1],
    place: [Double] = [0, 7, 2, 7, 4, 7, 6, .nan, 1000, 1000]
  ) throws -> DataSet {
    try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "heel", kind: .number),
        Field(name: "label", kind: .category(levels: ["a", "b", "c"])),
        Field(name: "place", kind: .vector(count: 2)),
        Field(name: "image", kind: .image(ImageSize(height: 1, width: 1, channels: 1))),
      ]),
      columns: [
        .numbers(heel), .levels(label), .numbers(place, width: 2),
        .grey([0, 1, 2, 3, 4], width: 1),
      ], source: "here")
  }

  @Test func measuresTheTrainingRecordsAlone() throws {
    let fitted = try Preprocessing.fit(data(), on: [0, 1, 2, 3])
    let heel = try #require(fitted.scales["heel"])
    #expect(heel.mean == [3])
    #expect(abs(heel.standardDeviation[0] - (8.0 / 3).squareRoot()) < 1e-15)
    #expect(heel.minimum == [1] && heel.maximum == [5])
    let place = try #require(fitted.scales["place"])
    #expect(place.mean == [3, 7])
    #expect(abs(place.standardDeviation[0] - 5.0.squareRoot()) < 1e-15)
    #expect(place.standardDeviation[1] == 1)
    #expect(place.minimum == [0, 7] && place.maximum == [6, 7])
    #expect(fitted.levelCounts == ["label": [1, 0, 2]])
    #expect(fitted.scales.keys.sorted() == ["heel", "place"])
  }

  @Test func aConstantThatRoundsHasNoSpread() throws {
    let place = [Double](repeating: 0.1, count: 10).enumerated().map { index, value in
      index % 2 == 0 ? value : Double(index)
    }
    let fitted = try Preprocessing.fit(data(place: place), on: [0, 1, 3, 4])
    #expect(fitted.scales["place"]?.standardDeviation[0] == 1)
  }

  @Test func standardisesAndBack() throws {
    let fitted = try Preprocessing.fit(data(), on: [0, 1, 2, 3])
    #expect(fitted.standardised(3, field: "heel") == 0)
    #expect(
      abs(Double(fitted.standardised(7, field: "heel")) - 4 / (8.0 / 3).squareRoot()) < 1e-6)
    #expect(fitted.standardised(8, field: "place", component: 1) == 1)
    #expect(fitted.original(1, field: "place", component: 1) == 8)
    for value in [-100, 0.5, 12_345] {
      let back = fitted.original(fitted.standardised(value, field: "heel"), field: "heel")
      #expect(abs(back - value) <= 1e-6 * max(1, abs(value)))
    }
    #expect(fitted.standardised(0.25, field: "image") == 0.25)
    #expect(fitted.original(0.25, field: "image") == 0.25)
  }

  @Test func survivesJSON() throws {
    let fitted = try Preprocessing.fit(data(), on: [0, 1, 2, 3])
    let back = try JSONDecoder().decode(Preprocessing.self, from: JSONEncoder().encode(fitted))
    #expect(back == fitted)
  }

  @Test func saysWhatIsMissingOrConstant() throws {
    func failure(_ data: DataSet, on records: [Int32] = [0, 1, 2, 3]) -> String {
      sentence { _ = try Preprocessing.fit(data, on: records) }
    }
    func missing(_ field: String) -> String {
      "here: expected a value of field '\(field)' in some training record, "
        + "got missing ones only; leave the field out or complete the data."
    }
    let none = Double.nan
    #expect(
      failure(try data(heel: [none, none, none, none, 1])) == missing("heel"))
    #expect(failure(try data(label: [nil, nil, nil, nil, 0])) == missing("label"))
    #expect(
      failure(try data(place: [0, none, 1, none, 2, none, 3, none, 4, 4])) == missing("place[1]"))
    #expect(
      failure(try data(heel: [2, 2, none, 2, 5])) == "here: expected numbers that differ in field "
        + "'heel', got 2.0 in every training record; leave the field out or add records.")
    #expect(
      failure(try data(place: [1, 2, 1, 2, 1, 2, 1, 2, 9, 9])) == "here: expected numbers that "
        + "differ in field 'place', got 1.0 in every training record as its first, "
        + "and no other that varies; leave the field out or add records.")
  }
}
