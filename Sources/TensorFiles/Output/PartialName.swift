import Foundation

/// Names of files and folders that are being written: `.<name>.partial-<process>`, followed by a number if that
/// is taken.
enum PartialName {
  private static let mark = ".partial-"
  private static let mostTries = 1000
  /// The most bytes of `name`, of the 255 that a file's name may have.
  private static let mostBytes = 200

  /// Tries one name after the other until `make` makes something new: what already lies there is never used,
  /// followed or emptied.
  ///
  /// - Parameter make: Returns a number below zero, and leaves `errno`, where it fails.
  /// - Returns: The path and what `make` returned; nil with `errno` as the last call left it.
  static func claim(
    for name: String, in folder: String, _ make: (String) -> Int32
  ) -> (path: String, result: Int32)? {
    // A long name may have no room for more.
    var name = name
    while name.utf8.count > mostBytes { name.removeLast() }
    for number in 0..<mostTries {
      let path = "\(folder)/.\(name)\(mark)\(getpid())" + (number == 0 ? "" : "-\(number)")
      let result = make(path)
      if result >= 0 { return (path, result) }
      guard errno == EEXIST else { return nil }
    }
    return nil
  }

  /// The final name and the writing process that a partial name stands for; nil for any other name.
  static func parse(_ partial: String) -> (name: String, process: pid_t)? {
    guard partial.hasPrefix("."), let range = partial.range(of: mark, options: .backwards)
    else { return nil }
    let numbers = partial[range.upperBound...].split(
      separator: "-", omittingEmptySubsequences: false)
    guard numbers.count <= 2, numbers.allSatisfy({ Int($0) != nil }),
      let process = pid_t(numbers[0]), process > 0
    else { return nil }
    return (String(partial[..<range.lowerBound].dropFirst()), process)
  }
}
