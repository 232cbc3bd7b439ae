import Foundation

/// How much memory the process can still take.
enum FreeMemory {
  /// The bytes that are free for the process: those that the machine, its control group and the limit of its address
  /// space (`ulimit -v`) leave; nil where nothing is known.
  static var bytes: Int? {
    [ofMachine, ofGroup, ofAddressSpace].compactMap(\.self).min()
  }

  /// What the machine has for new processes without swapping.
  private static var ofMachine: Int? {
    guard let line = lines("/proc/meminfo").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    return kibibytes << 10
  }

  /// What the control groups of version 2, from the process's own up, or that of version 1, leave.
  private static var ofGroup: Int? {
    var free: Int?
    func add(_ most: String, _ used: String) {
      guard let most = number(most), let used = number(used), most < 1 << 60 else { return }
      free = min(free ?? .max, max(0, most - used))
    }
    for line in lines("/proc/self/cgroup") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      if parts[1].split(separator: ",").contains("memory") {
        let group = "/sys/fs/cgroup/memory"
        for folder in ["\(group)\(parts[2])", group] {
          add("\(folder)/memory.limit_in_bytes", "\(folder)/memory.usage_in_bytes")
        }
      }
      guard parts[1].isEmpty else { continue }
      var group = parts[2].split(separator: "/")
      while true {
        let folder = "/sys/fs/cgroup/" + group.joined(separator: "/")
        add("\(folder)/memory.max", "\(folder)/memory.current")
        if group.popLast() == nil { break }
      }
    }
    return free
  }

  /// What `ulimit -v` leaves.
  private static var ofAddressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur < 1 << 60,
      let pages = lines("/proc/self/statm").first?.split(separator: " ").first.flatMap({ Int($0) })
    else { return nil }
    return max(0, Int(limit.rlim_cur) - pages * Int(getpagesize()))
  }

  private static func number(_ path: String) -> Int? {
    lines(path).first.flatMap { Int($0) }
  }

  private static func lines(_ path: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
