internal import COneDNN

/// The oneDNN that the program runs on.
public enum OneDNNLibrary {
  /// Its version, such as `2.6.3`.
  public static var version: String {
    guard let version = dnnl_version()?.pointee else { return "unknown" }
    return "\(version.major).\(version.minor).\(version.patch)"
  }

  /// The newest instructions that it uses: what the processor has, or less where the environment says so
  /// (`ONEDNN_MAX_CPU_ISA`).
  public static var instructions: String {
    let effective = dnnl_get_effective_cpu_isa().rawValue
    let known: [(dnnl_cpu_isa_t, String)] = [
      (dnnl_cpu_isa_avx512_core_amx, "AMX"), (dnnl_cpu_isa_avx512_core_bf16, "AVX-512 BF16"),
      (dnnl_cpu_isa_avx512_core_vnni, "AVX-512 VNNI"), (dnnl_cpu_isa_avx512_core, "AVX-512"),
      (dnnl_cpu_isa_avx2, "AVX2"), (dnnl_cpu_isa_avx, "AVX"), (dnnl_cpu_isa_sse41, "SSE4.1"),
    ]
    return known.first { effective & $0.0.rawValue == $0.0.rawValue }?.1 ?? "none"
  }
}
