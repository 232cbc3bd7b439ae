internal import CPJRT

/// A PJRT plugin in this process: its table of functions. Loaded once, it stays.
struct PluginLibrary: @unchecked Sendable {
  /// Before this, structures differ from those in CPJRT.
  static let oldestMinor = 70

  let path: String
  /// The minor number of the API's version; the major one is 0.
  let minorVersion: Int
  // The table is constant.
  private let api: UnsafePointer<pjrt_api>

  /// Opens a file and checks its version.
  ///
  /// - Throws: ``PluginFailure``.
  init(path: String) throws {
    // Before the library reads it: XLA logs each compilation's peculiarities otherwise.
    cvae_pjrt_be_quiet()
    var message: UnsafePointer<CChar>?
    guard let api = cvae_pjrt_open(path, &message) else {
      let reason = message.map { String(cString: $0) } ?? "unknown reason"
      throw PluginFailure.notLoaded(path: path, reason: reason)
    }
    let version = api.pointee.version
    minorVersion = Int(version.minor_version)
    guard version.major_version == 0, minorVersion >= Self.oldestMinor else {
      throw PluginFailure.wrongVersion(
        path: path, version: "\(version.major_version).\(version.minor_version)")
    }
    self.path = path
    self.api = api
    var arguments = pjrt_plugin_initialize_args()
    try call(PJRT_PLUGIN_INITIALIZE, &arguments, "begin")
  }

  /// Calls a function of the plugin; the only place that does, and that turns its errors into ours.
  ///
  /// - Throws: ``PluginFailure/refused(path:action:code:message:)``.
  func call<Arguments>(
    _ function: pjrt_function, _ arguments: inout Arguments, _ action: @autoclosure () -> String
  ) throws {
    var exists = false
    guard let error = raw(function, &arguments, &exists) else {
      if exists { return }
      throw PluginFailure.refused(
        path: path, action: action(), code: 12, message: "the plugin lacks the function")
    }
    throw failure(error, action())
  }

  /// Every structure begins with its size.
  private func raw<Arguments>(
    _ function: pjrt_function, _ arguments: inout Arguments, _ exists: inout Bool
  ) -> OpaquePointer? {
    withUnsafeMutableBytes(of: &arguments) { bytes in
      bytes.storeBytes(of: bytes.count, as: Int.self)
      guard let address = bytes.baseAddress else { return nil }
      return cvae_pjrt_call(api, function, address, &exists)
    }
  }

  private func failure(_ error: OpaquePointer, _ action: String) -> PluginFailure {
    var exists = false
    var text = pjrt_error_message_args()
    text.error = error
    _ = raw(PJRT_ERROR_MESSAGE, &text, &exists)
    let message = Self.string(text.message, text.message_size)
    var code = pjrt_error_get_code_args()
    code.error = error
    _ = raw(PJRT_ERROR_GET_CODE, &code, &exists)
    var destruction = pjrt_error_destroy_args()
    destruction.error = error
    _ = raw(PJRT_ERROR_DESTROY, &destruction, &exists)
    return .refused(path: path, action: action, code: Int(code.code), message: message)
  }

  /// Frees something by a function that takes nothing else; what fails there is lost for good anyway.
  func destroy<Arguments>(_ function: pjrt_function, _ arguments: Arguments) {
    var copy = arguments
    try? call(function, &copy, "free a handle")
  }

  /// Waits for an event and frees it.
  func await(_ event: OpaquePointer?, _ action: @autoclosure () -> String) throws {
    guard let event else { return }
    var arguments = pjrt_event_args()
    arguments.event = event
    defer { destroy(PJRT_EVENT_DESTROY, arguments) }
    try call(PJRT_EVENT_AWAIT, &arguments, action())
  }

  /// Characters that the plugin owns.
  static func string(_ characters: UnsafePointer<CChar>?, _ count: Int) -> String {
    let bytes = UnsafeBufferPointer(start: characters, count: characters == nil ? 0 : count)
    return String(decoding: bytes.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
