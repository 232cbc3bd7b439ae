public import ConditionalData
import RecordTypes

/// Records by the group whose z they share.
public struct RecordGroups: Sendable {
  /// The records of each group, groups in the order of their first record.
  public let members: [[Int32]]
  private let places: [Int32: Int]

  /// Groups `records` by the levels of a category of `data`; a record without a level is a group by
  /// itself.
  ///
  /// - Throws: ``UnknownName`` for a field that doesn't exist, ``TrainingFailure/fieldDiffers(field:expected:actual:)``
  ///   for one that is no category.
  public init(_ data: DataSet, by field: String, records: [Int32]) throws {
    let index = try data.schema.index(of: field)
    let column = data.columns[index]
    guard data.schema.fields[index].isCategory else {
      throw TrainingFailure.fieldDiffers(
        field: field, expected: "a category", actual: data.schema.fields[index].kind.summary)
    }
    var members: [[Int32]] = []
    var places: [Int32: Int] = [:]
    var groups: [Int32: Int] = [:]
    for record in records {
      let level = column.level(Int(record))
      if let level, let group = groups[level] {
        members[group].append(record)
        places[record] = group
      } else {
        if let level { groups[level] = members.count }
        places[record] = members.count
        members.append([record])
      }
    }
    self.members = members
    self.places = places
  }

  /// The number of the group that a record belongs to.
  public func place(of record: Int32) -> Int {
    guard let place = places[record] else {
      preconditionFailure("Record \(record) belongs to no group.")
    }
    return place
  }

  /// All records, group by group.
  public var records: [Int32] { members.flatMap { $0 } }

  /// The first record of each group.
  public var leaders: [Int32] { members.map { $0[0] } }

  /// Whether some group has two members: else there is no member to draw from another.
  public var hasPairs: Bool { members.contains { $0.count > 1 } }
}
