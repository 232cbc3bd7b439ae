import CVAEModels
import CVAETraining
import TensorGraph

/// The way between styles and the ε ~ N(0, I) of the prior's flow, in which variations and ways between records are
/// sought: what was moved there is drawn as probably as anything else. Without a flow both are the same.
extension StyleReader {
  /// The ε of the means of styles; the log-variances stay those of the styles.
  public func noise(of posterior: StylePosterior) throws -> StylePosterior {
    StylePosterior(
      trusting: try mapped(posterior.mean, width: posterior.width, toNoise: true),
      posterior.logVariance, levels: posterior.levels)
  }

  /// The styles of some ε, `[count, width]`.
  public func styles(ofNoise noise: [Float], width: Int) throws -> [Float] {
    try mapped(noise, width: width, toNoise: false)
  }

  private func mapped(_ rows: [Float], width: Int, toNoise: Bool) throws -> [Float] {
    guard model.model.hasFlow else { return rows }
    let latent = model.model.configuration.latent
    let program = try session.compile(model.model.flowProgram(batch: batch, toNoise: toNoise))
    var rows = rows
    let count = rows.count / width
    for start in stride(from: 0, to: count, by: batch) {
      let own = start..<min(start + batch, count)
      program.withInput(.style) { buffer in
        for index in buffer.indices {
          let row = min(own.lowerBound + index / latent, own.upperBound - 1)
          buffer[index] = rows[row * width + index % latent]
        }
      }
      try program.run(at: RandomPosition(seed: 0, step: 0))
      program.withOutput(.flow) { values in
        for (place, row) in own.enumerated() {
          for number in 0..<latent { rows[row * width + number] = values[place * latent + number] }
        }
      }
    }
    return rows
  }
}
