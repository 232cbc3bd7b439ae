/// What a reader left out of data, or took for something else than it looks like.
package struct DataNote: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    /// A column became no field; the reason completes a sentence that ends in "as …", and `cells` names the cells that
    /// were decisive, if any were, or says what to do.
    case leftOut(column: String, reason: String, cells: String)
    /// What a column was taken for: "is taken as …".
    case taken(column: String, as: String)
    /// How files were read, and which were left out.
    case files(String)
    /// What went wrong, without loss of data.
    case warning(String)
  }

  /// The file or folder.
  package let place: String
  package let content: Content

  package init(_ place: String, _ content: Content) {
    self.place = place
    self.content = content
  }

  /// One sentence that names the file.
  package var sentence: String {
    switch content {
    case .leftOut(let column, let reason, let cells):
      "\(place): column '\(column)' is left out, as \(reason)\(cells)."
    case .taken(let column, let text): "\(place): column '\(column)' \(text)."
    case .files(let text): "\(place): \(text)."
    case .warning(let sentence): sentence
    }
  }
}
