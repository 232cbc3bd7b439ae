import Foundation

/// Runs the command as several processes that train together.
enum Ranks {
  private static let launchers = ["/usr/bin/mpirun.openmpi", "/usr/bin/mpirun"]

  /// Open MPI's launcher; nil where it isn't installed.
  static var launcher: String? {
    launchers.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// More processes than processors, and tests in containers, are no mistake here.
  private static let settings = [
    "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1",
    "OMPI_MCA_rmaps_base_oversubscribe=1", "OMPI_MCA_hwloc_base_binding_policy=none",
  ]

  /// Starts `count` processes; a launcher that hangs is ended after two minutes.
  static func start(
    _ count: Int, _ arguments: [String], environment: [String] = []
  ) throws -> Command.Running {
    let launch = ["-n", "\(count)", try Command.executable().path] + arguments
    return try start(launch, environment: environment)
  }

  /// Starts what a launcher's arguments say.
  static func start(_ arguments: [String], environment: [String] = []) throws -> Command.Running {
    try Command.Running(
      URL(fileURLWithPath: "/usr/bin/env"),
      settings + environment + ["timeout", "-k", "5", "120", launcher ?? "mpirun"] + arguments)
  }

  static func run(
    _ count: Int, _ arguments: [String], environment: [String] = []
  ) throws -> Command.Result {
    try start(count, arguments, environment: environment).finish()
  }

  /// Stops the first thread of a process, by a tracer, until that process has ended or the time is over; the status of the
  /// tracer is 0 where that worked.
  static func stopFirstThread(of process: Int32, seconds: Int) throws -> Command.Running {
    // PTRACE_SEIZE and PTRACE_INTERRUPT.
    let script = """
      import ctypes, sys, time
      call = ctypes.CDLL(None).ptrace
      call.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
      process = int(sys.argv[1])
      if call(0x4206, process, None, None) or call(0x4207, process, None, None): sys.exit(1)
      end = time.time() + \(seconds)
      while time.time() < end:
        # An ended process stays for its tracer.
        try:
          if open(f'/proc/{process}/stat').read().split(') ')[1][0] == 'Z': break
        except OSError: break
        time.sleep(0.1)
      """
    let python = ProcessInfo.processInfo.environment["CVAE_TEST_PYTHON"] ?? "/usr/bin/python3"
    return try Command.Running(URL(fileURLWithPath: python), ["-c", script, "\(process)"])
  }

  /// Whether one process may stop a thread of another.
  static let canStopThreads: Bool = {
    guard let sleeper = try? Command.Running(URL(fileURLWithPath: "/bin/sleep"), ["0.3"]),
      let tracer = try? stopFirstThread(of: sleeper.number, seconds: 0)
    else { return false }
    return tracer.finish().status == 0 && sleeper.finish().status == 0
  }()

  /// Whether ranks can be given names of machines.
  static let canNameMachines: Bool = {
    let arguments = ["--uts", "hostname", "cvae-test"]
    let process = try? Command.Running(URL(fileURLWithPath: "/usr/bin/unshare"), arguments)
    return process?.finish().status == 0
  }()

  /// Runs a process on each of `machines`, which are this one under other names.
  static func run(on machines: [String], _ arguments: [String]) throws -> Command.Result {
    let command = try Command.executable().path
    let words = machines.map { machine in
      let name = "hostname \(machine) && exec \"$0\" \"$@\""
      return ["-n", "1", "unshare", "--uts", "sh", "-c", name, command] + arguments
    }
    return try start(Array(words.joined(separator: [":"]))).finish()
  }

  /// The process of one rank among those whose arguments have `word`; nil where there is none.
  static func process(_ rank: Int, with word: String) -> Int32? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.first { process in
      func text(_ name: String) -> String {
        let bytes = FileManager.default.contents(atPath: "/proc/\(process)/\(name)") ?? Data()
        return String(decoding: bytes, as: UTF8.self)
      }
      return text("cmdline").contains(word) && text("comm") == "cvae\n"
        && text("environ").contains("OMPI_COMM_WORLD_RANK=\(rank)\0")
    }
  }
}
