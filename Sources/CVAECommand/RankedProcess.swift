import ArgumentParser
import CVAE
import CVAETraining
import ConditionalData
import Foundation
import MPICommunication
import OneDNNExecution
import TensorFiles
import TensorGraph

/// This process among those that a launcher such as `mpirun` or `srun` has started together; usually it is alone.
struct RankedProcess {
  /// Nil for a process alone.
  let communicator: MPICommunicator?

  /// The exit status of a run that was asked to stop and has saved: job schedulers start it again (`EX_TEMPFAIL`).
  static let requeueStatus: Int32 = 75

  /// Joins the other processes, if there are any.
  ///
  /// - Parameter patience: Seconds for which another rank is waited for, although it lives.
  static func join(patience: Int = 300) throws -> RankedProcess {
    let launch = MPILaunch()
    if let tasks = launch.allocatedTasks, tasks > 1 {
      Terminal.warn(
        "Slurm has allocated \(tasks) tasks (SLURM_NTASKS), but this process is alone; start it with srun to "
          + "use all of them.")
    }
    guard launch.count > 1 else { return RankedProcess(communicator: nil) }
    // Open MPI ends the process where it finds no other, so this must be said before.
    if launch.lacksProcessManager, launch.rank == 0 {
      Terminal.warn(
        "srun has started \(launch.count) tasks without PMIx or PMI-2; if MPI can't start now, say srun --mpi=pmix, or what "
          + "srun --mpi=list shows.")
    }
    do {
      let communicator = try MPICommunicator(
        launch, host: HostName.current, patience: Double(patience)
      ) { sentence in
        Terminal.clearLine()
        Terminal.note("Error: \(sentence)")
      }
      guard communicator.ranks > 1 else {
        try communicator.finish()
        throw MPIFailure.alone(launched: launch.count, version: communicator.version)
      }
      let process = RankedProcess(communicator: communicator)
      try process.together {
        try process.check(
          "the command", CommandLine.arguments.dropFirst().first ?? "",
          remedy: "run one command on all ranks")
      }
      return process
    } catch let failure as MPIFailure {
      if case .alone = failure {
        Terminal.warn("\(failure) Each process works alone.")
      } else {
        Terminal.warn(
          "the launcher started \(launch.count) processes, but each works alone: \(failure)")
      }
      return RankedProcess(communicator: nil)
    }
  }

  var rank: Int { communicator?.rank ?? 0 }
  var ranks: Int { communicator?.ranks ?? 1 }
  /// Whether this process writes files and reports.
  var isFirst: Bool { rank == 0 }

  /// Processor threads for this process: those that the launcher leaves it, else its part of the machine's.
  var defaultThreads: Int {
    let all = OneDNNExecutor.defaultThreads
    guard let communicator, !isBound else { return all }
    return max(1, all / communicator.localRanks)
  }

  /// Whether the launcher, or a job's limits, leave this process only some of the machine's processors.
  private var isBound: Bool {
    OneDNNExecutor.defaultThreads < ProcessInfo.processInfo.processorCount
  }

  /// Says so where Open MPI's mpirun has bound few processes to a core each, as it does unless told otherwise.
  func warnOfBinding(threads: Int?) {
    let environment = ProcessInfo.processInfo.environment
    let processors = ProcessInfo.processInfo.processorCount
    guard let communicator, isFirst, isBound, environment["SLURM_JOB_ID"] == nil,
      environment["OMPI_COMM_WORLD_SIZE"] != nil
    else { return }
    let used = (threads ?? 1) * communicator.localRanks
    guard used < processors else { return }
    Terminal.warn(
      "mpirun has bound each rank to few of the machine's \(processors) processors, so that only \(used) compute; "
        + "mpirun --bind-to none leaves them all.")
  }

  /// Runs `body` on all ranks. If it throws on some, all end with what they say, once each.
  func together<Result>(_ body: () throws -> Result) throws -> Result {
    guard let communicator else { return try body() }
    let result = Swift.Result { try body() }
    var own = ""
    if case .failure(let error) = result { own = TrainCommand.message(for: error) }
    let sentences = try communicator.gather(Array(own.utf8)).map {
      String(decoding: $0, as: UTF8.self)
    }
    if sentences.allSatisfy(\.isEmpty) { return try result.get() }
    if isFirst {
      let isOfAll = Set(sentences).count == 1
      var told: Set<String> = []
      for (rank, sentence) in sentences.enumerated() where told.insert(sentence).inserted {
        if sentence.isEmpty { continue }
        let place = isOfAll ? "" : "rank \(rank) on \(communicator.hosts[rank]): "
        Terminal.note("Error: \(place)\(sentence)")
      }
    }
    try communicator.finish()
    throw ExitCode(1)
  }

  /// Runs `body` first on rank 0, then on the others, which so find what it has written; they get what it has decided.
  ///
  /// - Parameter body: Gets the first rank's decision, nil on that rank; returns its result and what it decided.
  func following<Result>(_ body: (Bool?) throws -> (Result, decision: Bool)) throws -> Result {
    guard let communicator else { return try body(nil).0 }
    let own = isFirst ? Swift.Result { try body(nil) } : nil
    var decision: UInt8 = 0
    if case .success(let done) = own { decision = done.decision ? 1 : 0 }
    let first = try communicator.gather([decision])[0]
    return try own?.get().0 ?? body(first[0] == 1).0
  }

  /// Every rank's text, by rank.
  func gather(_ text: String) throws -> [String] {
    guard let communicator else { return [text] }
    return try communicator.gather(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Checks that all ranks have what rank 0 has.
  func check(_ subject: String, _ value: String, remedy: String) throws {
    let all = try gather(value)
    guard let other = all.firstIndex(where: { $0 != all[0] }) else { return }
    throw mismatch(subject, rank: other, expected: all[0], actual: all[other], remedy: remedy)
  }

  /// Checks that all ranks have the arguments of rank 0.
  func checkArguments() throws {
    try check(
      "the command line", CommandLine.arguments.dropFirst().joined(separator: " "),
      remedy: "give all ranks the same arguments")
  }

  /// Checks that all ranks have the settings that rank 0 has, but for threads.
  func check(_ configuration: RunConfiguration) throws {
    func decoded(_ text: String) throws -> RunConfiguration {
      var settings = try JSONDecoder().decode(RunConfiguration.self, from: Data(text.utf8))
      settings.training.threads = nil
      return settings
    }
    let encoded = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
    let all = try gather(encoded).map(decoded)
    for (other, settings) in all.enumerated() {
      guard let difference = try settings.differences(from: all[0]).first else { continue }
      throw mismatch(
        difference.key, rank: other, expected: difference.other ?? "no value",
        actual: difference.own ?? "no value",
        remedy: "give all ranks the same configuration and flags")
    }
  }

  private func mismatch(
    _ subject: String, rank: Int, expected: String, actual: String, remedy: String
  ) -> RankMismatch {
    let hosts = communicator?.hosts ?? []
    return RankMismatch(
      subject: subject, rank: rank, host: hosts.indices.contains(rank) ? hosts[rank] : "unknown",
      expected: "\(expected) as at rank 0 on \(hosts.first ?? "unknown")", actual: actual,
      remedy: remedy)
  }

  /// Opens devices. Those of XLA serve one process alone.
  func open(_ options: DeviceOptions) throws -> OpenDevice {
    guard communicator == nil || options.device == nil || options.device == .processor else {
      throw InvalidRequest(
        "expected the device cpu for several processes, got one of XLA, whose devices share a batch within one process; "
          + "leave --device out, or start one process with --devices N.")
    }
    return try options.open()
  }

  /// Runs the work itself. An error on any rank ends all of them at once; else all leave together.
  func work(_ body: () throws -> ExitCode) throws {
    guard let communicator else {
      let status = try body()
      if status != .success { throw status }
      return
    }
    do {
      let status = try body()
      try communicator.finish()
      if status != .success { throw status }
    } catch let code as ExitCode {
      throw code
    } catch {
      communicator.end(because: TrainCommand.message(for: error), status: 1)
    }
  }

  /// Refuses standard input as the data of several processes.
  func checkInput(_ data: String?) throws {
    guard ranks > 1, data == ByteStream.standardInput else { return }
    throw InvalidRequest(
      "expected a file or folder as data of several processes, got standard input, which only one can read; "
        + "write it to a file that all of them see.")
  }

  /// Where the time of each rank went, of `total` seconds that this process has worked.
  func times(total: Double) throws -> [RankTimes] {
    guard let communicator else {
      return [RankTimes(rank: 0, host: HostName.current, computing: Self.rounded(total))]
    }
    let seconds = communicator.seconds
    let own = RankTimes(
      rank: rank, host: communicator.hosts[rank],
      computing: Self.rounded(max(0, total - seconds.communicating - seconds.waiting)),
      communicating: Self.rounded(seconds.communicating), waiting: Self.rounded(seconds.waiting))
    let all = try communicator.gather(Array(JSONEncoder().encode(own)))
    return try all.map { try JSONDecoder().decode(RankTimes.self, from: Data($0)) }
  }
}

extension RankedProcess {
  /// To the millisecond.
  private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}

/// Where the time of a rank went, in seconds.
struct RankTimes: Codable {
  let rank: Int
  let host: String
  var computing = 0.0
  var communicating = 0.0
  var waiting = 0.0

  /// `rank 1 on node7: 61.0 s computing, 2.4 communicating, 0.7 waiting`
  var summary: String {
    "rank \(rank) on \(host): \(computing.text(1)) s computing, \(communicating.text(1)) communicating, "
      + "\(waiting.text(1)) waiting"
  }
}
