import Foundation
import Testing

/// Several processes train as one does, go on after a stop, and end together.
@Suite(.enabled(if: Ranks.launcher != nil)) struct RankTests {
  let folder: TemporaryFolder
  let data: String

  init() throws {
    folder = try TemporaryFolder()
    // Of 16 × 16 pixels, the least that convolutions take.
    let labels = TinyData.turns(250)
    let pixels = TinyData.pixels(labels + labels + labels + labels)
    data = folder.file("bars.npz")
    try TinyData.putPictures(pixels, side: 16, labels: labels, to: data)
  }

  /// Nets of which one rank of three has fewer rows of a batch of 40 than another, five steps an epoch.
  private func configure(
    _ name: String = "settings", model: [String] = [], training: [String] = []
  ) throws -> String {
    let lines =
      [
        "given: [label]", "model:", "  latent: 4", "  recognition: {hidden: [16]}",
        "  prior: {hidden: [8]}", "  decoder: {hidden: [16]}",
      ] + model.map { "  " + $0 } + ["training:", "  batch: 40", "  threads: 1"]
      + training.map { "  " + $0 }
    return try folder.put(lines.joined(separator: "\n").utf8, "\(name).yaml")
  }

  private func arguments(_ output: String, _ settings: String, epochs: Int = 4) -> [String] {
    [
      "train", data, "--config", settings, "--output", folder.file(output), "--epochs", "\(epochs)",
    ]
  }

  /// The training bound of each epoch.
  private func bounds(_ run: String) throws -> [Double] {
    try folder.lines("\(run)/metrics.jsonl").map { line in
      let text = try #require(line.firstMatch(of: /"train":\{"elbo":([-0-9.e]+)/)).1
      return try #require(Double(text))
    }
  }

  /// What must be equal between equal runs of `metrics.jsonl`: all but times.
  private func metrics(_ run: String) throws -> [String] {
    try folder.lines("\(run)/metrics.jsonl").map { line in
      line.replacing(/"recordsPerSecond":[0-9.e]+,"seconds":[0-9.e]+,/, with: "")
    }
  }

  private func expectNear(_ own: [Double], _ others: [Double], _ share: Double) {
    #expect(own.count == others.count && !own.isEmpty)
    for (left, right) in zip(own, others) {
      #expect(abs(left - right) <= share * abs(right), "\(left) instead of \(right)")
    }
  }

  struct Settings: CustomTestStringConvertible {
    let testDescription: String
    var model: [String] = []
    var training: [String] = []
  }

  static let settings = [
    Settings(testDescription: "dense"),
    Settings(
      testDescription: "free nats, the optimal deviation, and a clip norm",
      model: ["likelihood: {image: gaussian}"],
      training: ["freeBits: 0.3", "gradientClip: 5", "conditionDropout: 0.2"]),
    Settings(
      testDescription: "convolutions with levels of detail, and averages",
      model: [
        "architecture: convolutional",
        "convolution: {widths: [16, 16], levels: [[8, 2]]}", "augmentation: {flip: true}",
      ], training: ["freeBits: 0.1", "gradientClip: 5", "averaging: 0.9"]),
    Settings(
      testDescription: "a style that groups share", model: ["group: label"],
      training: ["groups: {sources: 3, targets: 2}"]),
  ]

  @Test(arguments: settings) func lossesAreThoseOfOneProcess(settings: Settings) throws {
    let file = try configure(model: settings.model, training: settings.training)
    let alone = try Command.run(arguments("alone", file))
    #expect(alone.status == 0, "\(alone.errors)")
    for ranks in [2, 3] {
      let together = try Ranks.run(ranks, arguments("ranks\(ranks)", file))
      #expect(together.status == 0, "\(together.errors)")
      expectNear(try bounds("ranks\(ranks)"), try bounds("alone"), 1e-5)
    }
  }

  /// A batch may have fewer records than there are ranks.
  @Test func aRankMayHaveNoRecord() throws {
    let file = try configure()
    _ = try Command.run(arguments("alone", file, epochs: 1) + ["--batch", "2"])
    let together = try Ranks.run(3, arguments("three", file, epochs: 1) + ["--batch", "2"])
    #expect(together.status == 0, "\(together.errors)")
    expectNear(try bounds("three"), try bounds("alone"), 1e-4)
  }

  @Test func equalRunsGiveEqualBytes() throws {
    let file = try configure(training: ["gradientClip: 5"])
    for run in ["one", "other"] {
      let result = try Ranks.run(3, arguments(run, file))
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(
      try folder.bytes("one/model.safetensors") == folder.bytes("other/model.safetensors"))
    #expect(try metrics("one") == metrics("other"))
  }

  /// Ranks on machines of different names send messages; those of one machine read each other's memory.
  @Test(.enabled(if: Ranks.canNameMachines, "naming machines needs root and unshare"))
  func memoryAndMessagesGiveEqualBytes() throws {
    let file = try configure(training: ["gradientClip: 5", "averaging: 0.9"])
    for (run, machines) in [
      ("memory", ["a", "a", "a"]), ("messages", ["a", "b", "c"]), ("both", ["a", "b", "a"]),
    ] {
      let result = try Ranks.run(on: machines, arguments(run, file))
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        try folder.bytes("\(run)/model.safetensors") == folder.bytes("memory/model.safetensors"))
      #expect(try metrics(run) == metrics("memory"))
    }
  }

  /// Runs three ranks, and signals one of them amid the run.
  private func stop(
    _ output: String, _ settings: String, rank: Int, by signal: Int32, epochs: Int
  ) throws -> Command.Result {
    let process = try Ranks.start(3, arguments(output, settings, epochs: epochs))
    while process.isRunning, !folder.exists("\(output)/metrics.jsonl") { usleep(2000) }
    let number = Ranks.process(rank, with: folder.file(output))
    if let number { kill(number, signal) }
    #expect(number != nil)
    return process.finish()
  }

  @Test(arguments: [SIGKILL, SIGTERM, SIGUSR1])
  func goesOnAfterOneRankWasSignalled(signal: Int32) throws {
    let file = try configure()
    let epochs = 25
    let whole = try Ranks.run(3, arguments("whole", file, epochs: epochs))
    #expect(whole.status == 0, "\(whole.errors)")
    let stopped = try stop("stopped", file, rank: 1, by: signal, epochs: epochs)
    #expect(stopped.status == (signal == SIGKILL ? 128 + SIGKILL : 75), "\(stopped.errors)")
    #expect(try folder.lines("stopped/metrics.jsonl").count < epochs, "It ended before the signal.")
    try FileManager.default.copyItem(
      atPath: folder.file("stopped"), toPath: folder.file("fewer"))
    let resumed = try Ranks.run(3, ["train", "--output", folder.file("stopped"), "--resume"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(
      try folder.bytes("stopped/model.safetensors") == folder.bytes("whole/model.safetensors"))
    #expect(try metrics("stopped") == metrics("whole"))
    // Another number of ranks has the same losses for a while.
    let before = try folder.lines("fewer/metrics.jsonl").count
    let fewer = try Ranks.run(2, ["train", "--output", folder.file("fewer"), "--resume"])
    #expect(fewer.status == 0, "\(fewer.errors)")
    expectNear(
      Array(try bounds("fewer")[..<(before + 4)]), Array(try bounds("whole")[..<(before + 4)]), 1e-4
    )
  }

  @Test func aRankThatIsStoppedEndsAll() throws {
    let file = try configure()
    let start = ContinuousClock.now
    let result = try stop("stuck", file, rank: 2, by: SIGSTOP, epochs: 100_000)
    #expect(ContinuousClock.now - start < .seconds(40))
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("nothing came from rank 2 on "))
    #expect(result.errors.contains("--resume"))
    let inspected = try Command.run("inspect", folder.file("stuck/checkpoint.safetensors"))
    #expect(inspected.status == 0, "\(inspected.errors)")
  }

  /// Its signs of life go on, but the thread that computes is stopped.
  @Test(.enabled(if: Ranks.canStopThreads, "stopping a thread needs Python and the right to trace"))
  func aRankThatOthersWaitForIsGivenUp() throws {
    let file = try configure()
    let process = try Ranks.start(
      3, arguments("stuck", file, epochs: 100_000) + ["--rank-timeout", "2"])
    while process.isRunning, !folder.exists("stuck/metrics.jsonl") { usleep(2000) }
    let start = ContinuousClock.now
    let number = try #require(Ranks.process(1, with: folder.file("stuck")))
    let tracer = try Ranks.stopFirstThread(of: number, seconds: 25)
    let result = process.finish()
    _ = tracer.finish()
    #expect(ContinuousClock.now - start < .seconds(40))
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("Error: rank 1 on "), "\(result.errors)")
    #expect(result.errors.contains("lives, but others have waited for it for 2 s"))
    let inspected = try Command.run("inspect", folder.file("stuck/checkpoint.safetensors"))
    #expect(inspected.status == 0, "\(inspected.errors)")
  }

  @Test func ranksThatDifferAreTold() throws {
    let file = try configure()
    let other = folder.file("other.npz")
    let labels = TinyData.turns(250)
    try TinyData.putPictures(
      TinyData.pixels(labels + labels + labels + labels).map { $0 ^ 1 }, side: 16, labels: labels,
      to: other)
    let command = try Command.executable().path
    let first = ["-n", "1", command] + arguments("run", file)
    for (second, words) in [
      (
        ["-n", "1", command] + arguments("run", file) + ["--batch", "20"],
        "training.batch: expected 40"
      ),
      (
        ["-n", "1", command, "train", other] + arguments("run", file).dropFirst(2),
        "the data's fingerprint: expected"
      ),
      (
        ["-n", "1", command] + arguments("run", file) + ["--given", "lable"],
        "No field is named 'lable'"
      ),
    ] {
      let result = try Ranks.start(first + [":"] + second).finish()
      #expect(result.status == 1)
      let errors = result.errorLines.filter { $0.contains("Error: ") }
      #expect(errors.count == 1 && errors[0].contains(words), "\(result.errors)")
      #expect(errors[0].contains("rank 1 on "))
      #expect(!folder.exists("run"))
    }
  }

  @Test func aLauncherWithoutItsLibraryIsWarnedOf() throws {
    let file = try configure()
    for (library, words) in [
      ("/nowhere/libmpi.so", "cannot open shared object file"),
      ("libz.so.1", "it has no function MPI_Init_thread"),
    ] {
      let result = try Command.shell(
        "OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=0 CVAE_MPI=$1 \"$0\" train $2 --config $3 "
          + "--epochs 1 --overwrite --output $4",
        library, data, file, folder.file("run"))
      #expect(result.status == 0, "\(result.errors)")
      let warning = result.errorLines.first { $0.hasPrefix("warning: ") } ?? ""
      #expect(warning.contains("the launcher started 2 processes, but each works alone"))
      #expect(warning.contains(words), "\(result.errors)")
    }
    let slurm = try Command.shell(
      "SLURM_NTASKS=4 \"$0\" train $1 --config $2 --epochs 1 --overwrite --output $3", data, file,
      folder.file("run"))
    #expect(slurm.errors.contains("Slurm has allocated 4 tasks (SLURM_NTASKS)"))
    for (manager, isWarned) in [("", true), ("PMIX_RANK=0", false)] {
      let step = try Command.shell(
        "SLURM_STEP_NUM_TASKS=2 SLURM_PROCID=0 \(manager) CVAE_MPI=/nowhere/libmpi.so \"$0\" train $1 "
          + "--config $2 --epochs 1 --overwrite --output $3", data, file, folder.file("run"))
      #expect(step.errors.contains("srun --mpi=pmix") == isWarned, "\(step.errors)")
    }
  }

  /// Arguments that train on a table of so many rows, read in blocks, into a folder.
  private func storedTable(_ count: Int, training: String) throws -> (String) -> [String] {
    var text = "kind,size\n"
    for row in 0..<count {
      text += "\(row % 3 == 0 ? "a" : "b"),\(row % 3 * 10 + row % 7)\n"
    }
    let table = try folder.put(text.utf8, "rows.csv")
    let lines = [
      "given: [kind]", "model: {latent: 2, recognition: {hidden: [8]}, decoder: {hidden: [8]}}",
      "training: {threads: 1, shuffle: blocks, \(training)}",
    ]
    let file = try folder.put(lines.joined(separator: "\n").utf8, "blocks.yaml")
    return { ["train", table, "--config", file, "--output", folder.file($0)] }
  }

  /// Of a table of few blocks, all ranks read all of them.
  @Test func ofASmallStoredTableLossesAreThoseOfOneProcess() throws {
    let arguments = try storedTable(20_000, training: "batch: 100, epochs: 2")
    _ = try Command.run(arguments("alone"))
    for ranks in [2, 6] {
      let result = try Ranks.run(ranks, arguments("ranks\(ranks)"))
      #expect(result.status == 0, "\(result.errors)")
      expectNear(try bounds("ranks\(ranks)"), try bounds("alone"), 1e-4)
    }
    let process = try Ranks.start(2, arguments("stopped"))
    while process.isRunning, !folder.exists("stopped/metrics.jsonl") { usleep(2000) }
    if let number = Ranks.process(1, with: folder.file("stopped")) { kill(number, SIGUSR1) }
    if process.finish().status == 75 {
      let resumed = try Ranks.run(2, ["train", "--output", folder.file("stopped"), "--resume"])
      #expect(resumed.status == 0, "\(resumed.errors)")
    }
    #expect(
      try folder.bytes("stopped/model.safetensors") == folder.bytes("ranks2/model.safetensors"))
  }

  /// Of a table of 64 blocks or more for each rank, each reads its own; an epoch learns as much as one of all.
  @Test func ranksReadTheirOwnBlocksOfALargeTable() throws {
    let arguments = try storedTable(
      540_000, training: "batch: 1000, epochs: 1, optimizer: {learningRate: 0.01}")
    #expect(try Command.run(arguments("alone")).status == 0)
    for run in ["one", "other"] {
      let result = try Ranks.run(2, arguments(run))
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try folder.bytes("one/model.safetensors") == folder.bytes("other/model.safetensors"))
    #expect(try bounds("one") != bounds("alone"))
    expectNear(try bounds("one"), try bounds("alone"), 0.05)
  }

  @Test func anEvaluationIsThatOfOneProcess() throws {
    let file = try configure()
    _ = try Command.run(arguments("run", file, epochs: 1))
    let arguments = [
      "evaluate", folder.file("run"), data, "--split", "all", "--samples", "4", "--only", "bounds",
      "--json",
    ]
    let alone = try Command.run(arguments)
    let together = try Ranks.run(3, arguments)
    #expect(together.status == 0, "\(together.errors)")
    #expect(together.output == alone.output)
  }

  @Test func timesOfAllRanksAreTold() throws {
    let file = try configure()
    let result = try Ranks.run(2, arguments("run", file) + ["--json"])
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(report["outcome"] as? String == "finished")
    let ranks = try #require(report["ranks"] as? [[String: Any]])
    #expect(ranks.map { $0["rank"] as? Int } == [0, 1])
    for rank in ranks {
      for name in ["computing", "communicating", "waiting"] {
        #expect((rank[name] as? Double ?? -1) >= 0)
      }
    }
    #expect(result.errors.contains("rank 1 on "))
  }
}
