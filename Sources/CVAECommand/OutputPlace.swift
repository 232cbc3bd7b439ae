import ArgumentParser
import Foundation

/// Where results go, against what is read.
enum OutputPlace {
  /// Refuses to write over an input, also by another of its paths.
  static func check(_ output: String, isNone inputs: [String]) throws {
    guard let input = inputs.first(where: { place($0) == place(output) }) else { return }
    throw ValidationError(
      "--output is the file that is read, '\(input)'; name another, so that it stays as it is.")
  }

  private static func place(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
}
