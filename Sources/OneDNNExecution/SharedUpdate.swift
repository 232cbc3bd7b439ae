internal import CFusedLoops
import TensorGraph

/// The update of parameters that several ranks train together.
///
/// Gradients lie in buckets. Each rank owns a part of every bucket: it gets that part of all ranks' gradients, sums
/// them in the order of the ranks, updates that part of the parameters, whose moments it alone keeps, and sends it
/// to all others. The sums are the same from run to run, whatever messages come first.
///
/// Ranks of one machine keep their gradients where the others can read them, and all the same parameters; so between them no
/// message is needed, and only one of them receives what another machine has updated. All wait for each other before a
/// parameter changes, and after it.
///
/// - Source: Rajbhandari et al., *ZeRO: Memory Optimizations Toward Training Trillion Parameter Models*, 2020, stage 1.
final class SharedUpdate {
  private unowned let session: OneDNNSession
  private let communicator: any Communicator
  private let places: Places
  private let buckets: [Bucket]
  /// Where each parameter's gradient begins, in numbers.
  private var offsets: [String: Int] = [:]
  /// Each rank's loss, and the sum of the squares of the gradients that it owns.
  private let summary: Gathering
  /// Whether each rank's gradients were finite; also what ranks wait for each other by.
  private let consent: Gathering
  /// Buckets of this step that are on their way and not yet awaited.
  private var started: [Bucket] = []

  /// - Parameters:
  ///   - names: The parameters of each bucket.
  ///   - rowMajor: Those whose gradients are row-major, though they aren't.
  ///   - forms: The parameters that the session's first program reads, which is the same on all ranks.
  /// - Throws: ``RankMismatch``, also where ranks that share memory get no more of it.
  init(
    _ names: [[String]], rowMajor: Set<String>,
    _ forms: [(storage: ParameterStorage, form: ParameterStorage.Form)], _ session: OneDNNSession,
    _ communicator: any Communicator
  ) throws {
    self.session = session
    self.communicator = communicator
    let storages = names.map { $0.map(session.storage) }
    let copies = Self.copies(of: storages.flatMap(\.self), among: forms)
    try Self.checkAgreement(of: storages.flatMap(\.self), rowMajor, copies, communicator)
    let sizes = storages.joined().map { AlignedMemory.roundedCount($0.layout.paddedCount) }
    let places = try Places(
      floats: sizes.reduce(0, +), copies: copies.map(\.form.layout.bytes), rowMajor, communicator)
    self.places = places
    var start = 0
    for (storage, size) in zip(storages.joined(), sizes) {
      let memory = AlignedMemory(
        at: places.parameters + start * 4, bytes: size * 4, of: places.memory)
      storage.move(to: memory, isCopied: places.writesParameters)
      start += size
    }
    for (copy, place) in zip(copies, places.copies) {
      let memory = AlignedMemory(at: place, bytes: copy.form.layout.bytes, of: places.memory)
      copy.storage.share(copy.form, copy.order, in: memory)
    }
    start = 0
    buckets = try storages.map { storages in
      let bucket = try Bucket(storages, from: start, of: places, session, communicator)
      start = bucket.end
      return bucket
    }
    summary = try Gathering(communicator, size: 2 * MemoryLayout<Double>.size)
    consent = try Gathering(communicator, size: MemoryLayout<Int64>.size)
    for bucket in buckets {
      for part in bucket.parts { offsets[part.storage.parameter.name] = part.range.lowerBound }
    }
    // From here on the parameters are where all ranks find them.
    _ = try consents(true)
  }

  /// A copy of a parameter in bfloat16.
  private struct Copy {
    let storage: ParameterStorage
    let form: ParameterStorage.Form
    let order: NarrowOrder
  }

  /// The first copy of each parameter that the optimiser can write along.
  private static func copies(
    of storages: [ParameterStorage],
    among forms: [(storage: ParameterStorage, form: ParameterStorage.Form)]
  ) -> [Copy] {
    storages.compactMap { storage in
      guard storage.narrowForm == nil else { return nil }
      return forms.lazy.compactMap { other, form in
        guard other === storage, let order = storage.orderOfCopy(form) else { return nil }
        return Copy(storage: storage, form: form, order: order)
      }.first
    }
  }

  /// All ranks must keep parameters in the same layouts, which depend on the processor.
  private static func checkAgreement(
    of storages: [ParameterStorage], _ rowMajor: Set<String>, _ copies: [Copy],
    _ communicator: any Communicator
  ) throws {
    var signature: UInt64 = 14_695_981_039_346_656_037
    func add(_ number: Float) {
      signature = (signature ^ UInt64(number.bitPattern)) &* 1_099_511_628_211
    }
    for storage in storages {
      try storage.places().forEach(add)
      add(rowMajor.contains(storage.parameter.name) ? 1 : 0)
    }
    for copy in copies {
      add(Float(copy.storage.place))
      add(Float(copy.form.layout.bytes))
      if case .interleaved(let width) = copy.order { add(Float(width)) }
    }
    let all = try communicator.gather(withUnsafeBytes(of: signature) { Array($0) })
    guard let rank = all.firstIndex(where: { $0 != all[0] }) else { return }
    throw RankMismatch(
      subject: "how parameters lie in memory", rank: rank, host: communicator.hosts[rank],
      expected: "what rank 0 on \(communicator.hosts[0]) has", actual: "another order",
      remedy:
        "run all ranks on processors of one kind, or set ONEDNN_MAX_CPU_ISA to what all of them have"
    )
  }

  func pointer(of parameter: String) -> UnsafeMutableRawPointer {
    guard let offset = offsets[parameter] else {
      preconditionFailure("\(parameter) has no gradient in the session's first program.")
    }
    return UnsafeMutableRawPointer(places.gradients + offset)
  }

  /// Sends a bucket's gradients on their way.
  func start(_ number: Int) throws {
    try communicator.communicating { try buckets[number].toOwners.start() }
    started.append(buckets[number])
  }

  /// Lets messages move on while something else is computed.
  func advance() throws {
    guard let bucket = started.first else { return }
    try bucket.toOwners.advance()
  }

  /// Updates the parameters by all ranks' gradients; or none of them, the same on all ranks.
  func finish(
    loss: Float, _ shares: [Double], _ update: ParameterUpdate, _ state: RunState
  ) throws {
    started = []
    let weights = shares.map { Float($0) }
    // A norm needs all gradients first.
    let square = try update.clipNorm.map { _ in
      if places.memory.isShared { _ = try consents(true) }
      return try buckets.reduce(0.0) { sum, bucket in
        try bucket.toOwners.finish()
        return sum
          + weights.withShares {
            cvae_gradient_square(bucket.tensors, bucket.tensorCount, $0, Int32(session.threads))
          }
      }
    }
    let whole = try summed(loss: loss, square: square ?? 0, shares)
    state.update.begin(loss: Float(whole.loss), rule: update, session, state.learningRate)
    let norm = square.map { _ in whole.square.squareRoot() }
    let rule = state.update.rule(norm: norm, session)
    var isFinite = true
    for bucket in buckets {
      if square == nil { try bucket.toOwners.finish() }
      guard let rule else { continue }
      let isBucketFinite = weights.withShares {
        cvae_adam(bucket.tensors, bucket.tensorCount, rule, $0, Int32(session.threads))
      }
      isFinite = isFinite && isBucketFinite
      try communicator.communicating { try bucket.fromOwners.start() }
    }
    if rule == nil { return }
    for bucket in buckets {
      try bucket.fromOwners.finish()
      for part in bucket.parts { part.storage.noteUpdateByRanks() }
    }
    // With a norm, what isn't finite was refused; but neighbours may still write parameters, or read gradients.
    if square == nil || places.memory.isShared, try !consents(isFinite), square == nil {
      state.update.noteTrouble()
    }
  }

  /// Waits until all ranks have come here: whether all of them say yes.
  private func consents(_ own: Bool) throws -> Bool {
    consent.own.storeBytes(of: own ? 1 : 0, as: Int64.self)
    try consent.run()
    return (0..<communicator.ranks).allSatisfy {
      consent.block(of: $0).load(as: Int64.self) == 1
    }
  }

  private func summed(
    loss: Float, square: Double, _ shares: [Double]
  ) throws -> (loss: Double, square: Double) {
    summary.own.storeBytes(of: Double(loss), as: Double.self)
    summary.own.storeBytes(of: square, toByteOffset: 8, as: Double.self)
    try summary.run()
    var sums = (loss: 0.0, square: 0.0)
    for rank in 0..<communicator.ranks {
      let block = summary.block(of: rank)
      if shares[rank] > 0 { sums.loss += shares[rank] * block.load(as: Double.self) }
      sums.square += block.load(fromByteOffset: 8, as: Double.self)
    }
    return sums
  }
}

extension SharedUpdate {
  /// Replaces the values of a parameter; all ranks do so with the same ones.
  func setValues(of storage: ParameterStorage, _ values: [Float]) throws {
    let isShared = places.memory.isShared && part(of: storage) != nil
    // Others may still read what was there, and must not read a part of what comes.
    if isShared { _ = try consents(true) }
    if !isShared || places.writesParameters {
      try storage.importing(values, to: storage.values.pointer)
    }
    if isShared { _ = try consents(true) }
  }

  /// Both moments of a parameter, from all ranks, in the order in which its values lie; nil for one without a gradient.
  func moments(of storage: ParameterStorage) throws -> (first: [Float], second: [Float])? {
    guard let (bucket, part) = part(of: storage) else { return nil }
    let own = bucket.places(of: bucket.piece(of: part, rank: communicator.rank))
    let numbers = [bucket.first, bucket.second].flatMap { moment in
      UnsafeBufferPointer(rebasing: moment[own])
    }
    let all = try communicator.gather(numbers.withUnsafeBytes { Array($0) })
    let count = storage.layout.paddedCount
    var first = [Float](repeating: 0, count: count)
    var second = first
    for (rank, bytes) in all.enumerated() {
      let range = bucket.piece(of: part, rank: rank)
      bytes.withUnsafeBytes { bytes in
        let numbers = bytes.bindMemory(to: Float.self)
        for (index, place) in range.enumerated() {
          first[place - part.range.lowerBound] = numbers[index]
          second[place - part.range.lowerBound] = numbers[range.count + index]
        }
      }
    }
    return (first, second)
  }

  /// Keeps the own part of moments that lie as a parameter's values do.
  func setMoments(
    of storage: ParameterStorage, first: UnsafePointer<Float>, second: UnsafePointer<Float>
  ) {
    guard let (bucket, part) = part(of: storage) else { return }
    let own = bucket.piece(of: part, rank: communicator.rank)
    for (moment, source) in [(bucket.first, first), (bucket.second, second)] {
      for place in own {
        moment[place - bucket.own.lowerBound] = source[place - part.range.lowerBound]
      }
    }
  }

  private func part(of storage: ParameterStorage) -> (Bucket, Bucket.Part)? {
    for bucket in buckets {
      if let part = bucket.parts.first(where: { $0.storage === storage }) { return (bucket, part) }
    }
    return nil
  }
}

extension [Float] {
  /// Each rank's share as the optimiser's loops want to see it.
  fileprivate func withShares<Result>(_ body: (cvae_shares) -> Result) -> Result {
    withUnsafeBufferPointer { body(cvae_shares(values: $0.baseAddress, count: $0.count)) }
  }
}
