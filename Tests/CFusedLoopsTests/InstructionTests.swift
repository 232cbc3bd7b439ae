import CFusedLoops
import Foundation
import Testing

@Suite struct InstructionTests {
  /// What the environment hides from oneDNN is hidden from the loops too.
  @Test func loopsUseWhatTheProcessorAndTheEnvironmentAllow() throws {
    let environment = ProcessInfo.processInfo.environment
    let most = environment["ONEDNN_MAX_CPU_ISA"] ?? environment["DNNL_MAX_CPU_ISA"] ?? ""
    let processor = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let flags = Set(processor.split { !$0.isLetter && !$0.isNumber })
    let expected =
      flags.contains("avx512vl") && !most.uppercased().hasPrefix("AVX2")
      ? CVAE_AVX512 : flags.contains("avx2") ? CVAE_AVX2 : CVAE_LEAST_INSTRUCTIONS
    #expect(cvae_loops_instructions() == expected, "the environment allows \"\(most)\"")
  }
}
