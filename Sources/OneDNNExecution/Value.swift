import TensorGraph

/// Where a node's numbers are, in one form.
struct Value {
  enum Place {
    case slot(Slot)
    case parameter(ParameterStorage, ParameterStorage.Form)
  }

  /// How the numbers are ordered.
  enum Arrangement: Equatable {
    case rowMajor
    /// Pictures in the session's blocks of channels.
    case blocked
    /// The layout that a primitive chose for a weight's gradient.
    case primitive(Layout)
  }

  let place: Place
  let type: StorageType
  let arrangement: Arrangement

  /// Known once the program's buffers have their places.
  var pointer: UnsafeMutableRawPointer {
    switch place {
    case .slot(let slot): slot.placed
    case .parameter(let storage, let form): storage.pointer(form)
    }
  }

  func touch(_ step: Int) {
    if case .slot(let slot) = place { slot.touch(step) }
  }
}

/// The settings that change from run to run, read by the commands.
final class RunState {
  var seed: UInt64 = 0
  var step: UInt32 = 0
  var learningRate = 0.0
  var update = AdamUpdate()
}

/// One step of a run.
struct Command {
  /// Whether it is a matrix product, and so counts for ``OneDNNProgram/runProducts()``.
  let isProduct: Bool
  let run: () throws -> Void

  init(isProduct: Bool = false, _ run: @escaping () throws -> Void) {
    self.isProduct = isProduct
    self.run = run
  }
}
