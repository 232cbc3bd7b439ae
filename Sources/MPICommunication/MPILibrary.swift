internal import CMPI
import Foundation
import TensorGraph

/// The installed Message Passing Interface. Calls of it must not overlap.
struct MPILibrary: @unchecked Sendable {
  /// Nobody changes what is behind it once it is open.
  let handle: OpaquePointer
  /// Its file's name.
  let name: String
  /// The implementation's own name and version.
  let version: String

  /// The names under which dynamic linkers know the two binary interfaces: Open MPI's, and that of MPICH, MVAPICH,
  /// Intel MPI and Cray MPICH; Debian's MPICH has a name of its own.
  private static let openMPI = ["libmpi.so.40", "libmpi.so.20"]
  private static let mpich = ["libmpi.so.12", "libmpich.so.12"]

  /// Opens the library that the launcher belongs to, or the one that the user names.
  init(for launch: MPILaunch) throws(MPIFailure) {
    let names =
      launch.namedLibrary.map { [$0] }
      ?? (launch.isOfMPICH ? Self.mpich + Self.openMPI : Self.openMPI + Self.mpich)
    var reasons: [String] = []
    for name in names {
      var reason: UnsafeMutablePointer<CChar>?
      if let handle = cvae_mpi_open(name, &reason) {
        self.handle = handle
        self.name = name
        version = String(cString: cvae_mpi_version(handle))
        return
      }
      guard let reason else { continue }
      let text = String(cString: reason)
      reasons.append(text.contains(name) ? text : "\(name): \(text)")
      free(reason)
    }
    throw .noLibrary(reasons: reasons)
  }

  /// Throws where a call failed.
  func check(_ error: Int32, _ action: String) throws(MPIFailure) {
    guard error != 0 else { return }
    var text = [CChar](repeating: 0, count: 512)
    cvae_mpi_describe(handle, error, &text)
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    throw .call(action: action, reason: String(decoding: bytes, as: UTF8.self))
  }

  /// Prepares messages.
  func prepare(
    sends: [Message], receives: [Message], tag: Int32
  ) throws(MPIFailure) -> OpaquePointer {
    func list(_ messages: [Message]) -> [cvae_mpi_message] {
      messages.map {
        cvae_mpi_message(
          data: $0.bytes.baseAddress, bytes: Int32($0.bytes.count), peer: Int32($0.peer))
      }
    }
    var exchange: OpaquePointer?
    try check(
      cvae_mpi_prepare(
        handle, list(sends), Int32(sends.count), list(receives), Int32(receives.count), tag,
        &exchange), "prepare messages")
    guard let exchange else {
      throw .call(action: "prepare messages", reason: "it returned none")
    }
    return exchange
  }

  func begin(_ exchange: OpaquePointer) throws(MPIFailure) {
    try check(cvae_mpi_begin(handle, exchange), "send")
  }

  func isDone(_ exchange: OpaquePointer) throws(MPIFailure) -> Bool {
    var done = false
    try check(cvae_mpi_test(handle, exchange, &done), "receive")
    return done
  }
}
