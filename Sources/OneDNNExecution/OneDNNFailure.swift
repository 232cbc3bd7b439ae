internal import COneDNN

/// A call of oneDNN failed.
public struct OneDNNFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done, in words.
  public let action: String
  /// oneDNN's status code.
  public let status: UInt32

  /// One sentence that names the action, the status, and what to do where that is known.
  public var description: String {
    let name = String(cString: dnnl_status2str(dnnl_status_t(status)))
    let hint =
      status == dnnl_unimplemented.rawValue
      ? "; this processor or this oneDNN may lack it" : ""
    return "oneDNN could not \(action): \(name)\(hint)."
  }
}

/// Turns oneDNN's status codes into errors; the only place that does.
func check(_ status: dnnl_status_t, _ action: @autoclosure () -> String) throws {
  guard status == dnnl_success else {
    throw OneDNNFailure(action: action(), status: status.rawValue)
  }
}

/// A handle that a successful call filled.
func unwrapped<Handle>(_ handle: Handle?, _ action: @autoclosure () -> String) throws -> Handle {
  guard let handle else {
    throw OneDNNFailure(action: action(), status: dnnl_out_of_memory.rawValue)
  }
  return handle
}
