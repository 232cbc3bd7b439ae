internal import CMPI
import Foundation
import TensorGraph

/// Memory that processes of one machine see, as files without a name that exist in memory alone: so nothing is left of them,
/// however the processes end, and no limit of `/dev/shm` applies.
///
/// Each process opens those of the others through `/proc`, which users may do with their own processes. Where that fails, as
/// between containers, ranks go on by messages.
enum ProcessMemory {
  /// Where another process finds a block, and how it knows that it is the right one.
  private struct Place {
    static let size = 24
    var process: Int32
    var descriptor: Int32
    var mark: (UInt64, UInt64)

    init(descriptor: Int32) {
      process = getpid()
      self.descriptor = descriptor
      mark = (.random(in: 1 ... .max), .random(in: 1 ... .max))
    }

    init(_ bytes: [UInt8]) {
      (process, descriptor, mark) = bytes.withUnsafeBytes { bytes in
        (
          bytes.loadUnaligned(as: Int32.self),
          bytes.loadUnaligned(fromByteOffset: 4, as: Int32.self),
          (
            bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
          )
        )
      }
    }

    var bytes: [UInt8] {
      withUnsafeBytes(of: process) { Array($0) } + withUnsafeBytes(of: descriptor) { Array($0) }
        + withUnsafeBytes(of: mark) { Array($0) }
    }
  }

  /// Makes a block of `bytes` for each rank, and opens those of the ranks on the same machine.
  static func share(bytes: Int, _ communicator: any Communicator) throws -> SharedMemory {
    let (rank, ranks, hosts) = (communicator.rank, communicator.ranks, communicator.hosts)
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    // The mark lies behind the block.
    let size = (max(bytes, 1) + Place.size + page - 1) / page * page
    let descriptor = cvae_memory_file(Int64(size))
    guard let own = map(descriptor, size) else {
      throw MPIFailure.call(
        action: "map \(size) bytes of memory", reason: String(cString: strerror(errno)))
    }
    let place = Place(descriptor: descriptor)
    own.storeBytes(of: place.mark, toByteOffset: size - Place.size, as: (UInt64, UInt64).self)
    let places = try communicator.gather(place.bytes)
    var blocks = (0..<ranks).map { other in
      if other == rank { return own as UnsafeMutableRawPointer? }
      return hosts[other] == hosts[rank] ? open(Place(places[other]), size) : nil
    }
    // Once all have said what they see, all have opened what they can.
    let seen = try communicator.gather(blocks.map { $0 == nil ? 0 : 1 })
    if descriptor >= 0 { close(descriptor) }
    let firstNeighbours = (0..<ranks).map { rank in
      let all = (0..<ranks).filter { hosts[$0] == hosts[rank] }
      let seeAll = all.allSatisfy { one in all.allSatisfy { seen[one][$0] == 1 } }
      return seeAll ? all[0] : rank
    }
    let mapped = blocks.compactMap { $0 }
    for other in 0..<ranks where firstNeighbours[other] != firstNeighbours[rank] {
      blocks[other] = nil
    }
    return SharedMemory(blocks: blocks, firstNeighbours: firstNeighbours) {
      for block in mapped { munmap(block, size) }
    }
  }

  /// Another process's block; nil where it can't be opened, or is none of this run's.
  private static func open(_ place: Place, _ size: Int) -> UnsafeMutableRawPointer? {
    guard place.descriptor >= 0 else { return nil }
    let descriptor = Glibc.open(
      "/proc/\(place.process)/fd/\(place.descriptor)", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size == off_t(size),
      let block = map(descriptor, size)
    else { return nil }
    let mark = block.load(fromByteOffset: size - Place.size, as: (UInt64, UInt64).self)
    guard mark == place.mark else {
      munmap(block, size)
      return nil
    }
    return block
  }

  /// The file's bytes; without a file, memory of this process alone.
  private static func map(_ descriptor: Int32, _ size: Int) -> UnsafeMutableRawPointer? {
    let kind = descriptor >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS
    let block = mmap(nil, size, PROT_READ | PROT_WRITE, kind, descriptor, 0)
    guard let block, block != MAP_FAILED else { return nil }
    madvise(block, size, MADV_HUGEPAGE)
    return block
  }
}
