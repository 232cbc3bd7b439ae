import ConditionalData

/// The results of `cvae evaluate`: bounds, control, fidelity, texts, or several of them.
public struct EvaluationSummary: Sendable, Encodable {
  /// How well the model explains records.
  public let bounds: EvaluationReport?
  /// How well it draws what is requested.
  public let control: ControlReport?
  /// How good its synthetic rows of a table are.
  public let fidelity: FidelityStudy?
  /// How good the texts are that it draws.
  public let texts: TextStudy?
  /// How good the pictures are that it draws.
  public let pictures: PictureReport?

  /// Joins the parts that were evaluated.
  public init(
    bounds: EvaluationReport?, control: ControlReport?, fidelity: FidelityStudy?,
    texts: TextStudy? = nil, pictures: PictureReport? = nil
  ) {
    self.bounds = bounds
    self.control = control
    self.fidelity = fidelity
    self.texts = texts
    self.pictures = pictures
  }

  private enum CodingKeys: String, CodingKey { case control, fidelity, texts, pictures }

  /// Writes the bounds' keys, and beside them `control`, `fidelity`, `texts` and `pictures` where these were judged.
  public func encode(to encoder: any Encoder) throws {
    try bounds?.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(control, forKey: .control)
    try container.encodeIfPresent(fidelity, forKey: .fidelity)
    try container.encodeIfPresent(texts, forKey: .texts)
    try container.encodeIfPresent(pictures, forKey: .pictures)
  }

  /// One JSON object on one line, keys sorted.
  public var json: String { get throws { try jsonLine } }

  /// The parts for people: what a page shows, and ``table`` prints.
  public var tables: [ResultTable] {
    (bounds?.tables ?? []) + (control?.tables ?? []) + (pictures?.tables ?? [])
      + (fidelity?.tables ?? []) + (texts?.tables ?? [])
  }

  /// The parts in words, for a terminal.
  public var table: String { tables.text }
}
