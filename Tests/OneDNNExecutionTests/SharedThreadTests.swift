import CFusedLoops
import OneDNNExecution
import Testing

@Suite struct SharedThreadTests {
  /// A oneDNN that asks for entry points of OpenMP that the project's threads lack would bring threads of its own,
  /// and both would contend for the cores.
  @Test func primitivesRunOnTheThreadsOfTheLoops() {
    #expect(
      cvae_threads_are_shared(),
      "oneDNN \(OneDNNLibrary.version) keeps libgomp's threads")
  }
}
