import Foundation
import Testing

@Suite struct DoctorTests {
  @Test func saysWhatRunsHere() throws {
    let result = try Command.run("doctor", "--json")
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    let machine = try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect((machine["threads"] as? Int ?? 0) >= 1)
    #expect((machine["precisions"] as? [String] ?? []).contains("float32"))
    #expect("\(machine["oneDNN"] ?? "")".contains(/^[23]\.\d+\.\d+$/))
    let table = try Command.run("doctor")
    for name in ["processor", "instructions", "oneDNN", "threads", "MPI", "memory"] {
      #expect(table.output.contains(name))
    }
  }
}
