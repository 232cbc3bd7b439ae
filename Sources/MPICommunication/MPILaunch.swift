public import Foundation

/// What the environment says of how a process was started.
public struct MPILaunch: Sendable {
  /// The number of processes that a launcher started together; 1 where none is known.
  public let count: Int
  /// Tasks of the Slurm allocation in which this process runs outside of a job step; nil for none.
  public let allocatedTasks: Int?
  /// This process's number among them, as the launcher counts.
  public let rank: Int
  /// Whether srun has started several tasks without what most MPI libraries need to find the others (`srun --mpi=none`).
  public let lacksProcessManager: Bool
  /// A library that the user names in `CVAE_MPI`.
  let namedLibrary: String?
  /// Whether the launcher is MPICH's or one of its kin.
  let isOfMPICH: Bool

  /// Variables that launchers set: of Open MPI, of MPICH and its kin, and of Slurm in a job step.
  private static let counts = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"]
  private static let ranks = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"]

  /// Reads the environment.
  public init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    func number(_ names: [String]) -> Int? {
      names.lazy.compactMap { environment[$0].flatMap { Int($0) } }.first
    }
    let found = number(Self.counts)
    count = max(1, found ?? 1)
    allocatedTasks = found == nil ? number(["SLURM_NTASKS"]) : nil
    rank = count > 1 ? max(0, number(Self.ranks) ?? 0) : 0
    lacksProcessManager =
      count > 1 && environment["SLURM_STEP_NUM_TASKS"] != nil
      && !environment.keys.contains { $0.hasPrefix("PMI") || $0.hasPrefix("OMPI_COMM") }
    namedLibrary = environment["CVAE_MPI"].flatMap { $0.isEmpty ? nil : $0 }
    isOfMPICH = environment["PMI_RANK"] != nil && environment["OMPI_COMM_WORLD_SIZE"] == nil
  }
}
