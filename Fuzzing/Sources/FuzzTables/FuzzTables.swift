import Foundation
import RecordTypes
import TensorFiles

@testable import ConditionalData

/// What libFuzzer calls with each input: the bytes as a table, read in pieces of a size that its first byte
/// tells, as a data set and for a completion. Refusals are right; only traps and hangs are wrong.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTable(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: data, count: count)
  let piece = 1 + Int(bytes.first ?? 7) % 64
  var place = min(1, count)
  func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let length = min(piece, buffer.count, count - place)
    for index in 0..<length { buffer[index] = bytes[place + index] }
    place += length
    return length
  }
  do {
    var reader = try TableReader(
      "fuzz.csv", separator: UInt8(ascii: ","), capacity: 64, from: read)
    let table = try TableFile.read(&reader, "fuzz.csv", FieldRequests(file: nil, model: nil))
    let set = try DataSet(
      schema: RecordSchema(fields: table.fields), columns: table.columns, forms: table.forms,
      isTable: true)
    let records = (0..<Int32(set.count)).map { $0 }
    let preprocessing = try Preprocessing.fit(set, on: records)
    for field in set.schema.fields where !field.isCategory {
      _ = preprocessing.original(0.3, field: field.name)
    }
  } catch {
    _ = "\(error)"
  }
  return 0
}

/// libFuzzer's loop; the package manager keeps `main` to itself.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
enum FuzzTables {
  static func main() {
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(runFuzzer(&count, &arguments) { fuzzTable($0, $1) })
  }
}
