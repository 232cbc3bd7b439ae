import ConditionalData
import Foundation

/// Lines of a text table with right-aligned cells.
enum TextTable {
  /// `name` in a column of the first width, then each cell right-aligned in its own; the last width is that
  /// of all further cells. There is at least one blank before each.
  static func row(_ name: String, _ width: Int, _ cells: [String], _ widths: [Int]) -> String {
    func blanks(_ width: Int, before text: String) -> String {
      String(repeating: " ", count: max(1, width - text.count))
    }
    return name + blanks(width, before: name)
      + cells.enumerated().map { index, cell in
        blanks(index < widths.count ? widths[index] : widths.last ?? 0, before: cell) + cell
      }.joined()
  }
}

extension Double {
  /// A share in percent.
  var percent: String { String(format: "%.1f %%", 100 * self) }
}
