/// The texts of records, one after another in one piece of memory.
///
/// The bytes of each are UTF-8: readers check it, and ``Records/init(schema:columns:count:)`` does so for texts that come
/// from elsewhere.
public struct TextStorage: Hashable, Sendable {
  private var bytes: [UInt8] = []
  /// Where each text ends; it begins where the one before ends.
  private var ends: [Int] = []

  /// No texts.
  public init() {}

  /// Texts as their bytes.
  public init(_ texts: some Sequence<some Collection<UInt8>>) {
    for text in texts { append(text) }
  }

  /// The number of texts.
  public var count: Int { ends.count }

  /// The number of bytes of all texts.
  public var byteCount: Int { bytes.count }

  /// The bytes of a record's text.
  public func bytes(of record: Int) -> ArraySlice<UInt8> { bytes[range(of: record)] }

  /// A record's text.
  public func string(of record: Int) -> String {
    String(decoding: bytes[range(of: record)], as: UTF8.self)
  }

  /// The number of bytes of a record's text.
  public func length(of record: Int) -> Int { range(of: record).count }

  private func range(of record: Int) -> Range<Int> {
    (record == 0 ? 0 : ends[record - 1])..<ends[record]
  }

  /// Adds a record's text.
  public mutating func append(_ text: some Sequence<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  /// Adds the texts of other records.
  public mutating func append(contentsOf other: TextStorage) {
    let start = bytes.count
    bytes += other.bytes
    ends += other.ends.lazy.map { start + $0 }
  }

  /// The texts of some records, in their order.
  public func selecting(_ records: some Collection<Int>) -> TextStorage {
    var selected = TextStorage()
    selected.ends.reserveCapacity(records.count)
    selected.bytes.reserveCapacity(records.reduce(0) { $0 + length(of: $1) })
    for record in records { selected.append(bytes(of: record)) }
    return selected
  }

  /// The first record whose bytes are no UTF-8; nil where all are.
  var firstInvalid: Int? {
    (0..<count).first { String(validating: bytes(of: $0), as: UTF8.self) == nil }
  }
}
