import Foundation
import RecordTypes
import Testing

@testable import ConditionalData

/// Numbers of a table come back as they were, to the last digit.
@Suite struct ExactNumbersTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Rows, each three times, so that networks see of each value an interval of its own.
  private static let rows = [
    "123456789,1963-01-01 00:00:01,1e+39,16777217.25",
    "987654321,1994-05-30 23:59:59,-1e+39,0.75",
    "123456788,2026-03-31 12:34:56,1e-10,123456789.50",
    "-999999999,1963-01-01 00:00:02,4.25,-0.25",
    "1234567890123,2024-02-29 00:00:00,1e+300,99999999.75",
  ]
  private let text =
    "whole,time,huge,decimals\n" + rows.flatMap { [$0, $0, $0] }.map { $0 + "\n" }.joined()

  private func load() throws -> DataSet {
    try DataSet.load(folder.put(text, "a.csv"))
  }

  private func written(_ columns: [RecordColumn], like data: DataSet) throws -> String {
    let records = try Records(schema: data.schema, columns: columns)
    let path = folder.file("b.csv")
    try RecordTable([records], forms: data.forms).write(to: path, as: .csv)
    return try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
  }

  @Test func valuesAreRead() throws {
    let data = try load()
    #expect(data.schema.fields.map(\.kind) == [.number, .number, .number, .number])
    let first = stride(from: 0, to: 15, by: 3)
    #expect(
      first.map { data.columns[0].number($0) }
        == [123_456_789, 987_654_321, 123_456_788, -999_999_999, 1_234_567_890_123])
    #expect(data.forms["time"] == .seconds(since: "1963-01-01 00:00:01"))
    // Seconds from 1963 until 2026: more than 24 bits can count.
    let days = [0.0, 11_472, 23_100, 0, 22_339]
    let seconds = [0.0, 86_398, 45_295, 1, -1]
    #expect(
      first.map { data.columns[1].number($0) } == zip(days, seconds).map { $0 * 86_400 + $1 })
    #expect(first.map { data.columns[2].number($0) } == [1e39, -1e39, 1e-10, 4.25, 1e300])
    #expect(
      first.map { data.columns[3].number($0) }
        == [16_777_217.25, 0.75, 123_456_789.5, -0.25, 99_999_999.75])
  }

  @Test func tablesAreWrittenAsTheyWere() throws {
    let data = try load()
    #expect(try written(data.columns, like: data) == text)
  }

  /// Through the knots of the quantile map, as they are after the model's file, and a network's `Float`.
  @Test(arguments: [0.01, 0.5, 0.99])
  func knotsAreExact(position: Double) throws {
    let data = try load()
    let fitted = try Preprocessing.fit(data, on: Array(0..<15))
    let read = try JSONDecoder().decode(Preprocessing.self, from: JSONEncoder().encode(fitted))
    #expect(read == fitted)
    #expect(read.quantiles["huge"]?.values == [-1e39, 1e-10, 4.25, 1e39, 1e300])
    let back = zip(data.schema.fields, data.columns).map { field, column in
      RecordColumn.numbers(
        column.numbers.map {
          read.original(
            read.standardised($0, field: field.name, position: position), field: field.name)
        } as [Double])
    }
    #expect(back == data.columns)
    #expect(try written(back, like: data) == text)
  }
}
