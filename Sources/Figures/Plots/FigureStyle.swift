/// What the figures share: colours, letter sizes and the way text is shortened.
enum FigureStyle {
  static let paper = Canvas.Color(0xF4F4F2)
  static let panel = Canvas.Color.white
  static let grid = Canvas.Color(0xE4E4E4)
  static let frame = Canvas.Color(0x8A8A8A)
  static let text = Canvas.Color(0x222222)
  static let quietText = Canvas.Color(0x666666)

  /// Letter sizes in points.
  static let titlePoints = 13.0
  static let headingPoints = 11.0
  static let labelPoints = 10.0
  static let tickPoints = 9.0

  /// Pixels from one line of text to the next, for a letter size in points.
  static func leading(_ points: Double) -> Int { Int((points * 1.75).rounded()) }

  static let blue = Canvas.Color(0x0072B2)
  static let vermillion = Canvas.Color(0xD55E00)
  static let green = Canvas.Color(0x009E73)

  /// Ten colours that people with any kind of colour vision tell apart.
  ///
  /// - Source: Okabe and Ito, *Color Universal Design*, 2008; the yellow is darkened to show on
  ///   white. Wine and grey are added from Tol's *muted* scheme, 2021.
  static let categories: [Canvas.Color] = [
    blue, Canvas.Color(0xE69F00), green, vermillion, Canvas.Color(0x56B4E9),
    Canvas.Color(0xCC79A7), Canvas.Color(0x222222), Canvas.Color(0xD9C800),
    Canvas.Color(0x882255), Canvas.Color(0x9A9A9A),
  ]

  /// A colour between dark blue at 0 and yellow at 1, of steadily growing brightness.
  ///
  /// - Source: five places of Smith and van der Walt's *viridis*, 2015, joined linearly.
  static func gradient(_ share: Double) -> Canvas.Color {
    let stops: [(red: Double, green: Double, blue: Double)] = [
      (68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37),
    ]
    let place = (share.isNaN ? 0 : min(max(share, 0), 1)) * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let part = place - Double(index)
    let (low, high) = (stops[index], stops[index + 1])
    return Canvas.Color(
      red: UInt8(low.red + (high.red - low.red) * part),
      green: UInt8(low.green + (high.green - low.green) * part),
      blue: UInt8(low.blue + (high.blue - low.blue) * part))
  }
}

extension Canvas {
  /// Draws a line of a figure.
  func write(
    _ text: String, x: Double, y: Double, points: Double = FigureStyle.tickPoints,
    color: Color = FigureStyle.text, _ anchor: Anchor = .start, turnedBy degrees: Double = 0
  ) {
    draw(
      text, at: Point(x: x, y: y), points: points, color: color, anchor: anchor, turnedBy: degrees)
  }
}

extension Canvas.Typeface {
  /// How many pixels a line of text takes.
  func width(of text: String, points: Double) -> Int { size(of: text, points: points).width }

  /// The text, or as much of its beginning as fits with an ellipsis.
  func shortened(_ text: String, to width: Int, points: Double) -> String {
    let text = legible(text)
    if self.width(of: text, points: points) <= width { return text }
    return longestPrefix(of: text, within: width, points: points, ending: "\u{2026}")
  }

  /// The text on at most `count` lines, broken at spaces where there are any; what doesn't fit ends
  /// in an ellipsis.
  func wrapped(_ text: String, to width: Int, points: Double, lines count: Int) -> [String] {
    var lines: [String] = []
    var words = legible(text).split(separator: " ").map(String.init)[...]
    while let word = words.first, lines.count < count {
      if lines.count == count - 1 {
        lines.append(shortened(words.joined(separator: " "), to: width, points: points))
        return lines
      }
      var line = word
      words.removeFirst()
      if self.width(of: word, points: points) > width {
        line = longestPrefix(of: word, within: width, points: points, ending: "")
        words.insert(String(word.dropFirst(line.count)), at: words.startIndex)
      }
      while let next = words.first,
        self.width(of: "\(line) \(next)", points: points) <= width
      {
        line += " \(next)"
        words.removeFirst()
      }
      lines.append(line)
    }
    return lines
  }

  /// At least one letter, and at most what fits together with `ending`.
  private func longestPrefix(
    of text: String, within width: Int, points: Double, ending: String
  ) -> String {
    let letters = Array(text.prefix(width))
    var (fits, tooMany) = (min(1, letters.count), letters.count + 1)
    while tooMany - fits > 1 {
      let middle = (fits + tooMany) / 2
      let candidate = String(letters[..<middle]) + ending
      if self.width(of: candidate, points: points) <= width {
        fits = middle
      } else {
        tooMany = middle
      }
    }
    return String(letters[..<fits]) + ending
  }
}
