import Testing

extension Command.Result {
  /// Checks that the command refused in one sentence that has all of `words`, as a user should see it.
  ///
  /// - Parameter afterProgress: Whether lines of progress may stand before the sentence.
  func expectRefusal(
    status wanted: Int32 = 1, _ words: String..., afterProgress: Bool = false,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(status == wanted, "\(errors)", sourceLocation: location)
    #expect(output.isEmpty, "\(output)", sourceLocation: location)
    let first = errorLines.firstIndex { $0.hasPrefix("Error: ") } ?? errorLines.count
    let sentence = errorLines.dropFirst(first).first ?? ""
    #expect(afterProgress || first == 0, "\(errors)", sourceLocation: location)
    if wanted == 1 {
      #expect(first == errorLines.count - 1, "\(errors)", sourceLocation: location)
    } else {
      #expect(errorLines.last?.contains("--help") == true, "\(errors)", sourceLocation: location)
    }
    #expect(sentence.hasSuffix("."), "\(errors)", sourceLocation: location)
    #expect(sentence.matches(of: /[.!?] [A-Z]/).isEmpty, "\(errors)", sourceLocation: location)
    #expect(!errors.contains("Fatal error"), "\(errors)", sourceLocation: location)
    for word in words {
      #expect(sentence.contains(word), "\(errors)", sourceLocation: location)
    }
  }

  /// The sentence of the refusal, with the folder's path written as `…`.
  func sentence(in folder: TemporaryFolder) -> String {
    (errorLines.last ?? "").replacing(folder.path, with: "…")
  }
}
