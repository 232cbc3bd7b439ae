import ArgumentParser
import CVAE
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import MPICommunication
import OneDNNExecution
import PictureData
import RecordTypes
import TensorFiles
import TensorGraph

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on labelled data.",
    discussion: """
      Learns p(generated fields | given fields) and writes a run directory: model.safetensors, \
      checkpoint.safetensors, metrics.jsonl, run.json, learning-curve.png and, of pictures, samples.png.

      Example, on Fashion-MNIST as Debian packages it:
        cvae train /usr/share/datasets/fashion-mnist --given label --output runs/fashion --epochs 12
      With any part of an image given, so that 'cvae complete' can fill the rest:
        cvae train /usr/share/datasets/fashion-mnist --given any --output runs/any
      On typefaces that share their style, tested on designs that training never sees:
        cvae train fonts.npz --given character --group face --split-by design --output runs/fonts
      Ctrl-C saves and stops; this continues the run, to the same result:
        cvae train --output runs/fashion --resume
      On pictures in one folder for each class, photos/boot/1.jpg and so on:
        cvae train photos --given label --output runs/photos
      On the rows of a table (.csv, .tsv, .jsonl, also .gz), any columns of which can be given or missing \
      later; '-' is a table on standard input:
        cvae train customers.csv --given any --output runs/customers
        sqlite3 -csv -header shop.db 'select * from sales' | cvae train - --given any --output runs/sales
      On several machines, which share the work of each step (MPI; with Slurm 'srun' in the place of 'mpirun -n 8'):
        mpirun -n 8 cvae train photos --given label --output runs/photos
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder of IDX files, a folder of pictures in class folders or with a metadata.csv, a folder of .txt "
        + "files in class folders, a .csv, .tsv or .jsonl table, '-' for a table on standard input, or an "
        + ".npz file. Left out with --resume."
    ),
    completion: .file())
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Fields that will be given, separated by commas or one by one; the others are generated. 'any' hides "
        + "pixels or columns at random, so that whatever is known can be given later.",
      valueName: "fields"), completion: .columns(isList: true))
  var given: [String] = []

  @Option(
    help: ArgumentHelp(
      "Fields that take no part, separated by commas.", valueName: "fields"),
    completion: .columns(isList: true))
  var ignore: String?

  @Option(
    help: ArgumentHelp(
      "A category: records of one level stay in the same split. Unless given, it is otherwise ignored.",
      valueName: "field"), completion: .columns())
  var splitBy: String?

  @Option(
    help: ArgumentHelp(
      "A category: records of one level share z, and so their style. Unless given, it is otherwise ignored.",
      valueName: "field"), completion: .columns())
  var group: String?

  @Option(
    help: ArgumentHelp("The run directory to write.", valueName: "run"), completion: .directory)
  var output: String

  @Option(
    help: ArgumentHelp("A YAML configuration; flags override it.", valueName: "file"),
    completion: .yaml)
  var config: String?

  @Option(
    help: ArgumentHelp(
      "A schema.yaml that names levels and sizes, instead of the data's.", valueName: "file"),
    completion: .yaml)
  var schema: String?

  @Option(help: "Passes over the training split.")
  var epochs: Int?

  @Option(help: "Records in a step.")
  var batch: Int?

  @Option(help: "float32 or bfloat16: the precision of products.")
  var precision: Precision?

  @Option(
    help: "Processor threads to compute on; by default all, or one for tables without --config.")
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The memory that a table may take, such as 400M, 16G or 50%; the rows of a larger one are read block by block "
        + "from a file in the run directory. By default 60% of what is free.",
      valueName: "size"), transform: MemorySize.init(text:))
  var memory: MemorySize?

  @OptionGroup var devices: DeviceOptions

  @Option(help: "Decides initial weights, split, order and noise.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Of several processes, started by mpirun or srun: so long one waits for another that lives.",
      valueName: "seconds"))
  var rankTimeout = 300

  @Flag(help: "Continue the run in the output directory, with the same result to the last bit.")
  var resume = false

  @Flag(help: "Replace the run in the output directory.")
  var overwrite = false

  @Flag(
    help:
      "Print one JSON object when training ends: how it went, and where each process's time went.")
  var json = false

  func validate() throws {
    _ = try OutputPlace(output, as: .folder)
    if data == nil && !resume { throw ValidationError("Missing the data: cvae train DATA …") }
    if resume && overwrite { throw ValidationError("--resume and --overwrite exclude each other.") }
    for (name, value) in [("--epochs", epochs), ("--batch", batch)] {
      try NumberCheck.count(name, value, to: TrainingConfiguration.most)
    }
    try NumberCheck.count("--threads", threads, to: TrainingConfiguration.mostThreads)
    try NumberCheck.count("--rank-timeout", rankTimeout, to: 1_000_000)
  }

  func run() throws {
    let process = try RankedProcess.join(patience: rankTimeout)
    let run = RunDirectory(output)
    try process.together { try process.checkInput(data) }
    let settings = try process.together { try configuration(of: run, process) }
    let device = try process.together { try process.open(devices) }
    // Decoding pictures can take long; the decoded ones are cached in the run's folder.
    try process.together { if process.isFirst { try check(run) } }
    let isNew = process.isFirst && !FileManager.default.fileExists(atPath: output)
    let interruption = Interruption(notice: "Finishing the step, then saving") {
      guard FolderLock.holder(of: run.path)?.isThisProcess == true else { return }
      FolderLock.removeFile(of: run.path)
      guard isNew else { return }
      try? FileManager.default.removeItem(atPath: run.pictureCachePath)
      try? FileManager.default.removeItem(atPath: run.tableCachePath)
      rmdir(run.path)
    }
    do {
      let (trainer, lock) = try process.together { () throws -> (Trainer, FolderLock?) in
        let lock = try process.isFirst ? interruption.uninterrupted { try run.lock() } : nil
        let trainer = try self.trainer(settings, run, on: device, process)
        if process.isFirst { try check(run) }
        return (trainer, lock)
      }
      try process.together { try checkRanks(process, trainer) }
      try process.work { try train(trainer, in: run, lock, interruption, process) }
    } catch {
      // A run that never began leaves nothing; a folder with files stays.
      if isNew { rmdir(output) }
      throw error
    }
  }

  /// Finds what differs between ranks although it must be the same.
  private func checkRanks(_ process: RankedProcess, _ trainer: Trainer) throws {
    try process.check(
      "swift-cvae", ToolVersion.current, remedy: "install one version everywhere")
    try process.check(trainer.configuration)
    try process.check(
      "the data's fingerprint", trainer.data.fingerprint, remedy: "let all ranks read the same data"
    )
    try process.checkArguments()
  }

  private var start: RunStart { resume ? .resuming : overwrite ? .replacing : .new }

  /// Refuses a folder that can't take the run, or in which the run would replace a file that is read.
  private func check(_ run: RunDirectory) throws {
    try run.check(for: start)
    let kept = KeptFiles(read: [try dataPath(of: run), schemaFile(of: run), config])
    for name in RunDirectory.names { try kept.check(run.file(name), inFolders: false) }
  }

  private func trainer(
    _ settings: RunConfiguration, _ run: RunDirectory, on device: OpenDevice,
    _ process: RankedProcess
  ) throws -> Trainer {
    let data = try process.following { decision in
      let data = try self.data(settings.training, run, isStored: decision)
      return (data, data.stored != nil)
    }
    if process.isFirst { data.warn() }
    var settings = settings
    let hasTexts = data.schema.fields.contains { field in
      field.isText && !settings.ignore.contains(field.name)
    }
    if hasTexts, config == nil, !resume {
      settings.setTexts(of: data.count, epochs: epochs)
      settings.training.threads = process.defaultThreads
      setFlags(of: &settings)
    } else if data.isTable, config == nil, !resume, epochs == nil {
      settings.setEpochs(forTableOf: data.totalCount)
    } else if !data.isTable, config == nil, !resume {
      settings.setPictures(data.schema, of: data.count, epochs: epochs)
      setFlags(of: &settings)
    }
    let training = settings.training
    let executor = try ComputingOptions.executor(
      on: device, precision: training.precision, threads: training.threads,
      communicator: process.communicator)
    let trainer = try Trainer(data: data, configuration: settings, run: run, executor: executor)
    let batch = trainer.configuration.training.batch
    if batch < training.batch, process.isFirst {
      Terminal.warn(
        "the training split has only \(batch) records, fewer than a batch of \(training.batch): "
          + "each step takes all of them.")
    }
    if batch % device.count != 0 {
      Terminal.warn(
        "\(device.count) devices can't share a batch of \(batch): each of them computes all of it.")
    }
    return trainer
  }

  /// The data in memory, or samples of a table that takes more than its share of it.
  ///
  /// - Parameter isStored: What another rank has decided; nil to decide.
  private func data(
    _ settings: TrainingConfiguration, _ run: RunDirectory, isStored: Bool?
  ) throws -> DataSet {
    let path = try dataPath(of: run)
    if path == ByteStream.standardInput, let table = tableOfPipe(of: run) {
      return try DataSet(
        table, seed: settings.seed, validation: settings.validation, by: settings.splitBy)
    }
    let loaded = try LoadedData.load(
      path, schemaFile: schemaFile(of: run),
      readers: DataReader.all(cache: PictureCache(run.pictureCachePath)),
      cache: TableCache(run.tableCachePath, memory: memory?.bytes),
      isStored: isStored ?? settings.shuffle.map { $0 == .blocks }, note: { Terminal.note($0) })
    switch loaded {
    case .memory(let data): return data
    case .stored(let table):
      return try DataSet(
        table, seed: settings.seed, validation: settings.validation, by: settings.splitBy)
    }
  }

  /// - Returns: The exit status.
  private func train(
    _ trainer: Trainer, in run: RunDirectory, _ lock: FolderLock?, _ interruption: Interruption,
    _ process: RankedProcess
  ) throws -> ExitCode {
    let path = try dataPath(of: run)
    let data = path == ByteStream.standardInput ? path : absolute(path)
    let schema = schemaFile(of: run).map(absolute)
    var report = TrainingReport(
      trainer: trainer, run: run, hasChosenEpochs: epochs != nil, ranks: process.ranks,
      device: devices.summary)
    if !resume, process.isFirst { report.announce() }
    process.warnOfBinding(threads: trainer.configuration.training.threads)
    interruption.begin()
    let start = ContinuousClock.now
    let outcome = try trainer.run(
      self.start, lock: lock,
      onStart: {
        guard process.isFirst else { return }
        // Another run's rows, of which this one has no use.
        if self.start == .replacing, trainer.data.stored == nil {
          TableCache(run.tableCachePath).removeFiles()
        }
        try run.recordStart(
          data: data, schema: schema, commandLine: CommandLine.arguments,
          ranks: process.communicator?.hosts)
      },
      isInterrupted: { interruption.isRequested },
      onEpoch: { if process.isFirst { try report.finish($0) } },
      onProgress: { if process.isFirst { report.show($0) } })
    let times = try process.times(total: (ContinuousClock.now - start) / .seconds(1))
    if process.isFirst { try report.end(outcome, times: times, json: json) }
    switch outcome {
    case .finished, .stoppedEarly: return .success
    case .diverged: return ExitCode(1)
    case .interrupted:
      return process.ranks > 1 || interruption.isByScheduler
        ? ExitCode(RankedProcess.requeueStatus) : .success
    }
  }

  /// The settings of a new run, or of the one that goes on, under the flags that were given.
  private func configuration(
    of run: RunDirectory, _ process: RankedProcess
  ) throws -> RunConfiguration {
    var settings: RunConfiguration
    if let config {
      settings = try RunConfiguration.load(config)
      // If neither configuration nor command line names given fields or threads, the resumed run does.
      let saved = resume ? try run.checkpointConfiguration() : nil
      if settings.given.isEmpty { settings.given = saved?.given ?? [] }
      settings.training.threads =
        settings.training.threads ?? saved?.training.threads ?? process.defaultThreads
    } else if resume {
      settings = try run.checkpointConfiguration()
    } else {
      settings = data.map(PartialTable.isOne) == true ? .table : RunConfiguration()
      settings.training.threads = settings.training.threads ?? process.defaultThreads
    }
    setFlags(of: &settings)
    return settings
  }

  private func setFlags(of settings: inout RunConfiguration) {
    if !given.isEmpty { settings.given = given.flatMap(Self.names) }
    if let ignore { settings.ignore = Self.names(ignore) }
    if let group { settings.model.group = group }
    if let splitBy { settings.training.splitBy = splitBy }
    if let epochs { settings.training.epochs = epochs }
    if let batch { settings.training.batch = batch }
    if let precision { settings.training.precision = precision }
    if let threads { settings.training.threads = threads }
    if let seed { settings.training.seed = seed }
  }

  private static func names(_ list: String) -> [String] {
    list.utf8.split(separator: UInt8(ascii: ",")).map {
      String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    }
  }

  private func dataPath(of run: RunDirectory) throws -> String {
    if let data { return data }
    guard let path = run.runDescription?.sessions.last?.data else {
      throw InvalidRequest(
        "\(run.descriptionPath): expected the name of the data, got none; give DATA as well.")
    }
    guard path != ByteStream.standardInput || tableOfPipe(of: run) != nil else {
      let isDamaged = FileManager.default.fileExists(atPath: run.tableCachePath)
      throw InvalidRequest(
        "\(run.descriptionPath): expected the name of the data, got standard input"
          + (isDamaged ? ", whose rows in \(run.tableCachePath) are damaged" : "")
          + "; give DATA as well, '-' for the same data from a pipe.")
    }
    return path
  }

  /// The rows that a run has read from a pipe, for it to go on without reading the pipe again.
  private func tableOfPipe(of run: RunDirectory) -> StoredTable? {
    resume ? TableCache(run.tableCachePath).tableOfPipe() : nil
  }

  private func schemaFile(of run: RunDirectory) -> String? {
    schema ?? run.schemaFile(resuming: resume)
  }

  private func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }
}
