import Foundation
import Testing

@testable import ConditionalData

/// Named pipes and devices among data, from which reading would wait forever.
@Suite(.timeLimit(.minutes(1))) struct PipeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func pipe(_ name: String) -> String {
    #expect(mkfifo(folder.file(name), 0o600) == 0)
    return folder.file(name)
  }

  private func failure(_ path: String) -> String {
    "Can't read '\(path)': A pipe or a device; write the data into a file first."
  }

  @Test(arguments: ["pipe", "rows.csv", "rows.tsv.gz", "arrays.npz", "1.png"])
  func areRefusedAsData(name: String) throws {
    let path = pipe(name)
    #expect(sentence { _ = try DataSet.load(path) } == failure(path))
  }

  @Test func devicesAreRefused() {
    #expect(sentence { _ = try DataSet.load("/dev/zero") } == failure("/dev/zero"))
  }

  @Test(arguments: [IDX.trainImages, IDX.trainLabels, IDX.testImages])
  func areRefusedBesideData(name: String) throws {
    try IDX.put(into: folder)
    try FileManager.default.removeItem(atPath: folder.file(name))
    let path = pipe(name)
    #expect(sentence { _ = try DataSet.load(folder.path) } == failure(path))
  }

  @Test func areRefusedAsSchema() throws {
    let data = try folder.put("size\n1.5\n", "rows.csv")
    let path = pipe("schema.yaml")
    #expect(sentence { _ = try DataSet.load(data) } == failure(path))
  }
}
