import RecordTypes

/// The cells of a column while all of them are numbers of one spelling.
struct NumberColumn {
  /// The marks in the numbers; nil for plain ones.
  let marks: NumberSpelling?
  /// The numbers, NaN where missing.
  private(set) var values = CellSpool<Double>()
  /// How many numbers are spelled otherwise than numbers are written, and the first of them.
  private(set) var oddities: [NumberText.Oddity: (count: Int, text: String, line: Int)] = [:]
  /// Whether each number is one more than the one before.
  private(set) var isSequence = true
  private var last: Double?
  /// The first cell with the fewest digits behind the point, and with the most.
  private var fewest: (decimals: Int, text: String)?
  private var most: (decimals: Int, text: String)?
  /// Whether digits behind the point end in a zero, other than the zero of 3.0.
  private var endInZero = false
  /// Whether there is a 3.0.
  private var haveOneZero = false

  private var thousands: ThousandsCheck?

  init(marks: NumberSpelling? = nil) {
    self.marks = marks
    thousands = marks.flatMap { ThousandsCheck($0) }
  }

  /// The few cells that can be read, but whose comma or point doesn't mean what it means in all others; nil where none
  /// are such.
  var errors: CellSurvey? { thousands?.errors }

  mutating func addMissing() { values.append(.nan) }

  /// Moves the numbers into a file in a folder.
  mutating func spill(into folder: String) throws { try values.spill(into: folder) }

  /// Adds a cell; false for one that is no such number.
  mutating func add(_ cell: UnsafeBufferPointer<UInt8>, line: Int) -> Bool {
    guard let number = marks.map({ $0.number(cell) }) ?? NumberText(cell) else { return false }
    func text() -> String { String(decoding: cell, as: UTF8.self) }
    if let oddity = number.oddity {
      let known = oddities[oddity] ?? (0, text(), line)
      oddities[oddity] = (known.count + 1, known.text, known.line)
    }
    thousands?.add(cell, number, line: line)
    if number.decimals < fewest?.decimals ?? .max { fewest = (number.decimals, text()) }
    if number.decimals > most?.decimals ?? -1 { most = (number.decimals, text()) }
    if number.endsInZero {
      if number.decimals == 1 { haveOneZero = true } else { endInZero = true }
    }
    if let last, number.value != last + 1 { isSequence = false }
    last = number.value
    values.append(number.value)
    return true
  }

  /// How the numbers are written; nil where they lie on no grid.
  var form: NumberForm? {
    let decimals = most?.decimals ?? 0
    guard decimals < NumberText.mostDecimals else { return nil }
    let zeros = self.zeros ?? .kept
    guard let marks else {
      return zeros == .kept
        ? .decimals(decimals) : .spelled(NumberSpelling(decimals: decimals, zeros: zeros))
    }
    var spelling = marks
    (spelling.decimals, spelling.zeros) = (decimals, zeros)
    return .spelled(spelling)
  }

  /// Whether zeros at the end stay in all numbers or go in all; not so in versions such as 1.9 and 1.10.
  var haveEvenZeros: Bool { zeros != nil }

  /// What became of zeros at the end; nil where some stay and some go.
  private var zeros: NumberSpelling.Zeros? {
    if fewest?.decimals == most?.decimals { return .kept }
    if !endInZero, !haveOneZero { return .dropped }
    return !endInZero && fewest?.decimals != 0 ? .oneKept : nil
  }

  /// What the user should know of the numbers' spelling; completes a sentence that begins with the column.
  var note: String? {
    if marks != nil, let most { return "is taken as numbers spelled like '\(most.text)'" }
    if let odd = oddities[.blanks] ?? oddities[.spelling] ?? oddities[.leadingZeros] {
      let others = odd.count > 1 ? " and \(NameList.count(odd.count - 1, "other"))" : ""
      return "is taken as numbers and written plainly: '\(odd.text)' in line \(odd.line)\(others) "
        + "\(odd.count > 1 ? "are" : "is") spelled otherwise"
    }
    guard zeros == nil, let fewest, let most, most.decimals < NumberText.mostDecimals else {
      return nil
    }
    return
      "is taken as numbers with \(most.decimals) digits behind the point, though '\(fewest.text)' "
      + "has fewer than '\(most.text)'"
  }
}
