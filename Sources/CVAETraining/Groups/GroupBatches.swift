public import CVAEModels
public import TensorGraph

/// Chooses the members of groups that a step reads: for each record that leads a batch's group, some
/// others of its group as sources, and that record and further others as targets.
///
/// No target is among its group's sources. The choice is a function of the position's seed and step
/// and of the leading record.
public struct GroupBatches: Sendable {
  /// The records that one batch reads.
  public struct Batch: Hashable, Sendable {
    /// `[groups · sources]`; where the mask is 0, any record.
    public var sources: [Int32] = []
    /// `[groups · sources]`, 1 for a source, 0 for none.
    public var mask: [Float] = []
    /// `[groups · targets]`; members repeat where a group has too few others.
    public var targets: [Int32] = []
    /// `[groups]`, the record that leads each group, by which z is drawn.
    public var groups: [Int32] = []
    /// `[groups]`, one over the number of the group's members.
    public var shares: [Float] = []
  }

  /// Groups, sources and targets in each batch.
  public let shape: GroupShape
  private let groups: RecordGroups

  private static let purpose = RandomPurpose("group members")
  private static let countPurpose = RandomPurpose("group sources")

  /// Batches of a shape out of groups.
  public init(_ groups: RecordGroups, shape: GroupShape) {
    self.groups = groups
    self.shape = shape
  }

  /// The batch that `leaders` lead, as many as there are groups in a batch.
  public func batch(
    _ leaders: UnsafeBufferPointer<Int32>, at position: RandomPosition
  ) -> Batch {
    precondition(leaders.count == shape.groups, "A batch has \(shape.groups) groups.")
    var batch = Batch()
    for leader in leaders {
      let all = groups.members[groups.place(of: leader)]
      let (sources, targets) = choose(leader, of: all, at: position)
      batch.sources += sources
      batch.sources += [Int32](repeating: leader, count: shape.sources - sources.count)
      batch.mask += (0..<shape.sources).map { $0 < sources.count ? 1 : 0 }
      batch.targets += (0..<shape.targets).map { targets[$0 % targets.count] }
      batch.groups.append(leader)
      batch.shares.append(1 / Float(all.count))
    }
    return batch
  }

  /// From 1 to the most sources, and as many targets as are left, the leader first.
  private func choose(
    _ leader: Int32, of all: [Int32], at position: RandomPosition
  ) -> (sources: [Int32], targets: [Int32]) {
    let key = UInt32(bitPattern: leader)
    let draw = position.uniform(Self.countPurpose, record: key, column: 0)
    let wanted = 1 + min(shape.sources - 1, Int(draw * Double(shape.sources)))
    let others = all.filter { $0 != leader }
    let chosen = pick(min(others.count, wanted + shape.targets - 1), of: others, key, position)
    let sources = min(wanted, others.count)
    return (Array(chosen.prefix(sources)), [leader] + chosen.dropFirst(sources))
  }

  /// The first elements of a keyed permutation (Fisher and Yates, of which only what is moved is
  /// kept).
  private func pick(
    _ count: Int, of records: [Int32], _ key: UInt32, _ position: RandomPosition
  ) -> [Int32] {
    var moved: [Int: Int] = [:]
    return (0..<count).map { index in
      let draw = position.uniform(Self.purpose, record: key, column: index)
      let rest = records.count - index
      let place = index + min(rest - 1, Int(draw * Double(rest)))
      let found = moved[place] ?? place
      moved[place] = moved[index] ?? index
      return records[found]
    }
  }
}
