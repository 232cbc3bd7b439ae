import RecordTypes

/// Tells thousands from decimals in a column of numbers with one mark, such as `541,267`: three digits are behind
/// both.
struct ThousandsCheck {
  /// Cells that are no numbers of thousands, where a comma can be read as either.
  private var odd: CellSurvey
  /// Cells with thousands alone, and with three decimals alone, where the numbers have marks for both.
  private var whole: CellSurvey
  private var decimal: CellSurvey
  /// Cells with one comma and three digits behind it.
  private var threes = 0
  /// Whether a cell shows what each of two marks is.
  private var areClear = false

  private let marks: NumberSpelling
  private let thousands: NumberSpelling?
  private let ungrouped: NumberSpelling
  private let swapped: NumberSpelling

  /// Nil where no cell can be read in two ways.
  init?(_ marks: NumberSpelling) {
    thousands = marks.withThousands
    guard thousands != nil || !marks.group.isEmpty else { return nil }
    self.marks = marks
    var other = marks
    other.group = ""
    ungrouped = other
    other.group = marks.point
    other.point = marks.point == "," ? "." : ","
    swapped = other
    odd = CellSurvey(.numbers(thousands))
    whole = CellSurvey(.numbers(ungrouped))
    decimal = CellSurvey(.numbers(marks))
  }

  /// Adds a cell, and the number that it was read as.
  mutating func add(_ cell: UnsafeBufferPointer<UInt8>, _ number: NumberText, line: Int) {
    if let thousands {
      if thousands.number(cell) == nil {
        odd.addOdd(cell, line: line)
      } else if number.decimals > 0 {
        threes += 1
      }
      return
    }
    let isGrouped = ungrouped.number(cell) == nil
    if isGrouped, number.decimals == 0 {
      whole.addOdd(cell, line: line)
    } else if !isGrouped, number.decimals == 3, swapped.number(cell)?.decimals == 0 {
      decimal.addOdd(cell, line: line)
    } else if number.decimals > 0 {
      areClear = true
    }
  }

  /// The few cells that are spelled otherwise than all others; nil where none are.
  var errors: CellSurvey? {
    func few(_ some: CellSurvey, _ others: Int) -> CellSurvey? {
      some.oddCount > 0 && NumberSpelling.areFew(some.oddCount, beside: others) ? some : nil
    }
    if thousands != nil { return few(odd, threes) }
    guard !areClear else { return nil }
    if let errors = few(decimal, whole.oddCount) { return errors }
    // A blank or an apostrophe is never a point.
    return marks.group == "," || marks.group == "." ? few(whole, decimal.oddCount) : nil
  }
}
