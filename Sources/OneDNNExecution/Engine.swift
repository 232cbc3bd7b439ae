internal import COneDNN

/// oneDNN's processor engine with its one stream.
final class Engine {
  let handle: dnnl_engine_t
  let stream: dnnl_stream_t

  init() throws {
    var engine: dnnl_engine_t?
    try check(dnnl_engine_create(&engine, dnnl_cpu, 0), "open the processor")
    handle = try unwrapped(engine, "open the processor")
    var stream: dnnl_stream_t?
    let flags = UInt32(dnnl_stream_default_flags.rawValue)
    try check(dnnl_stream_create(&stream, handle, flags), "open a stream")
    self.stream = try unwrapped(stream, "open a stream")
  }

  deinit {
    dnnl_stream_destroy(stream)
    dnnl_engine_destroy(handle)
  }
}
