// Scores alphabets drawn from a few characters of unseen faces against the true ones, beside two baselines:
//
//     AlphabetScore RUN fonts.npz
import CVAE

/// How many times characters of a face are chosen for each count.
let choices = 6
let counts = [1, 2, 5]

let model = try TrainedModel.load(CommandLine.arguments[1])
let data = try DataSet.load(CommandLine.arguments[2])
guard let split = model.split(of: data) else {
  preconditionFailure("The model was trained on other data.")
}
let training = try Typefaces(data, records: split.train)
let varied = try Typefaces(data, records: split.train, withVariants: true)
let unseen = try Typefaces(data, records: split.test)
let executor = OneDNNExecutor()
let reader = try StyleReader(model, executor: executor, batch: 62)
let generator = try Generator(model, executor: executor, batch: 62)
let means = training.meanGlyphs
let everything = Array(unseen.characters.indices)
let alphabet = Conditions(
  try Records(
    schema: RecordSchema(fields: [try data.schema.field("character")]),
    columns: [.levels(everything.map(Int32.init))]))

// Some unseen faces to draw a sheet of: the records of their letter A.
let letter = unseen.characters.firstIndex(of: "A") ?? 0
let shown = stride(from: 3, to: unseen.faces.count, by: 4).map { unseen.faces[$0].records[letter] }
print("sheet \(shown.map { "\($0)" }.joined(separator: ","))")

/// Error and similarity of one way to draw, a number for each face.
struct Scores {
  var errors: [Double] = []
  var similarities: [Double] = []
}

/// A mean with its standard error.
func text(_ values: [Double]) -> String {
  let mean = values.reduce(0, +) / Double(max(1, values.count))
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  let error = (squares / Double(max(1, values.count * (values.count - 1)))).squareRoot()
  func digits(_ value: Double) -> String { "\((value * 10000).rounded() / 10000)" }
  return "\(digits(mean)) ± \(digits(error))"
}

@MainActor func draw(_ face: Typefaces.Face, from given: [Int]) throws -> [[Float]] {
  let inputs = try TransferInputs(
    data, records: given.map { face.records[$0] }, from: [:], model: model)
  let posterior = try reader.styles(of: inputs).combined()
  var request = DrawRequest(alphabet, seed: 1)
  request.styles = everything.flatMap { _ in posterior.mean }
  let records = try generator.draw(request)[0].records
  guard case .intensities(let pixels) = records.columns[0].values else { return [] }
  let width = pixels.count / everything.count
  return everything.map { Array(pixels[$0 * width..<($0 + 1) * width]) }
}

let isTwin = unseen.faces.map { training.nearest(to: $0, by: everything).difference <= 0.06 }
print(
  "\(unseen.faces.count) unseen faces, \(isTwin.count { !$0 }) of them without a twin in training "
    + "(\(training.faces.count) faces)")
// Under the Bernoulli likelihood a pixel's median is black or white, which has the least error |a − b|.
let names = [
  "model", "model, medians", "mean glyph", "mean glyph, medians", "nearest training face",
  "nearest training face or variant",
]
let medians = means.map(Comparison.median)
for count in counts {
  var scores = names.map { _ in Scores() }
  for (number, face) in unseen.faces.enumerated() {
    var sums = names.map { _ in (error: 0.0, similarity: 0.0) }
    for choice in 0..<choices {
      let position = RandomPosition(seed: 1, step: UInt32(number * choices + choice))
      let order = position.permutation(RandomPurpose("given characters"), count: everything.count)
      let given = order.prefix(count).map(Int.init)
      let rest = everything.filter { !given.contains($0) }
      let neighbour = training.nearest(to: face, by: given).face.glyphs
      let variant = varied.nearest(to: face, by: given).face.glyphs
      let drawn = try draw(face, from: given)
      let ways = [drawn, drawn.map(Comparison.median), means, medians, neighbour, variant]
      for (way, glyphs) in ways.enumerated() {
        sums[way].error += Comparison.meanAbsoluteError(glyphs, face.glyphs, rest)
        sums[way].similarity += Comparison.similarity(glyphs, face.glyphs, rest)
      }
    }
    for way in names.indices {
      scores[way].errors.append(sums[way].error / Double(choices))
      scores[way].similarities.append(sums[way].similarity / Double(choices))
    }
  }
  print("\(count) given, the other \(everything.count - count) drawn")
  for (name, scores) in zip(names, scores) {
    let alone = zip(scores.errors, isTwin).filter { !$0.1 }.map(\.0)
    print(
      "  \(name): error \(text(scores.errors)), without twins \(text(alone)), similarity "
        + text(scores.similarities))
  }
  let totals = scores.map { $0.errors.reduce(0, +) }
  func below(_ way: Int) -> String { "\(((1 - totals[way] / totals[2]) * 1000).rounded() / 10) %" }
  print("  error below the mean glyph's: \(below(0)), as medians \(below(1))")
}
