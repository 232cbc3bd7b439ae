/// Folders that divide files into those to learn from and those for testing, `train/boot/1.png`, where
/// other data have a folder for each class.
struct SplitFolders {
  private static let training: Set = ["train", "training"]
  private static let validation: Set = ["val", "valid", "validation"]
  private static let test: Set = ["test", "testing"]

  /// The folders' names, sorted.
  let names: [String]

  /// Nil where the folders are classes: one has another name than splits have, none is for training, or those for
  /// training have most files outside of class folders.
  ///
  /// - Parameter paths: Those of the files, each by its folders and its name.
  init?(_ paths: [[String]]) {
    let folders = paths.filter { $0.count > 1 }
    names = Set(folders.map { $0[0] }).sorted()
    let trained = folders.filter { Self.training.contains($0[0].lowercased()) }
    let classed = trained.count { $0.count > 2 }
    guard names.allSatisfy(Self.isSplit), 2 * classed > trained.count else { return nil }
  }

  /// Whether a folder of this name may be one of these, in capitals or not.
  static func isSplit(_ name: String) -> Bool {
    training.union(validation).union(test).contains(name.lowercased())
  }

  /// Whether a folder of this name holds records to learn from, apart from those for validation.
  static func isTraining(_ name: String) -> Bool { training.contains(name.lowercased()) }

  /// Whether a folder of this name holds the test split.
  static func isTest(_ name: String) -> Bool { test.contains(name.lowercased()) }

  /// How the files, each a `noun` such as "picture", are divided.
  func note(testCount: Int, noun: String) -> String {
    let (learned, tested) = (names.filter { !Self.isTest($0) }, names.filter(Self.isTest))
    let reading =
      names.count == 1 ? "is read as a split, not as a class" : "are read as splits, not as classes"
    return "\(Self.list(names)) \(reading): "
      + Self.division(learned: learned, tested: tested, testCount: testCount, noun: noun)
  }

  /// How the records of files are divided.
  static func note(learned: [String], tested: [String], testCount: Int) -> String {
    division(learned: learned, tested: tested, testCount: testCount, noun: "record")
  }

  private static func list(_ names: [String]) -> String {
    NameList.text(names.map { "'\($0)'" })
  }

  private static func division(
    learned: [String], tested: [String], testCount: Int, noun: String
  ) -> String {
    let parts =
      testCount == 0
      ? "training, validation and test splits"
      : "training and validation splits; the \(NameList.count(testCount, noun)) in "
        + "\(list(tested)) \(testCount == 1 ? "is" : "are") the test split"
    return "the \(noun)s in \(list(learned)) are divided into \(parts)"
  }
}
