import ConditionalData
import Foundation

/// Lines of a table in words, whose cells end below each other.
enum TextTable {
  /// `name` in a column of that width, then each cell at the end of its own; the last width is that
  /// of all further cells. A blank at least stands before each.
  static func row(_ name: String, _ width: Int, _ cells: [String], _ widths: Int...) -> String {
    func blanks(_ width: Int, before text: String) -> String {
      String(repeating: " ", count: max(1, width - text.count))
    }
    return name + blanks(width, before: name)
      + cells.enumerated().map { index, cell in
        blanks(widths[min(index, widths.count - 1)], before: cell) + cell
      }.joined()
  }
}

extension Double {
  /// A share in percent.
  var percent: String { String(format: "%.1f %%", 100 * self) }
}
