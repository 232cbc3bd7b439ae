import Testing

@testable import ConditionalData

@Suite struct TableReaderTests {
  /// All that a reader hands over.
  private struct Texts {
    let names: [String]
    var rows: [[String]] = []
    var lines: [Int] = []

    init(
      separator: UInt8 = UInt8(ascii: ","), capacity: Int = 1 << 18,
      from source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws {
      var reader = try TableReader(
        "a.csv", separator: separator, capacity: capacity, from: source)
      names = reader.names
      var (rows, lines): ([[String]], [Int]) = ([], [])
      try reader.readRows { column, bytes, place in
        if column == 0 {
          rows.append([])
          lines.append(place.line)
        }
        rows[rows.count - 1].append(try TableHeader.text(bytes, "a.csv", place))
      }
      (self.rows, self.lines) = (rows, lines)
    }
  }

  private func table(_ text: String) throws -> Texts {
    try Texts(from: source(Array(text.utf8)))
  }

  /// Gives at most `most` bytes at a time.
  private func source(
    _ bytes: [UInt8], most: Int = .max
  ) -> (UnsafeMutableRawBufferPointer) throws -> Int {
    var position = 0
    return { target in
      let count = min(target.count, bytes.count - position, most)
      target.copyBytes(from: bytes[position..<position + count])
      position += count
      return count
    }
  }

  /// Wherever a buffer ends, cells are the same.
  @Test(arguments: [1, 2, 3, 5, 7])
  func readsAcrossBuffers(most: Int) throws {
    let text = "a,\"b, c\"\r\n\"say \"\"no\"\"\",\"two\nlines\r\nthree\"\rx,\"\"\n\nlong enough,1"
    let whole = try table(text)
    let parts = try Texts(
      capacity: 4, from: source(Array(text.utf8), most: most))
    #expect(parts.names == whole.names)
    #expect(parts.rows == whole.rows)
    #expect(parts.lines == whole.lines)
    #expect(whole.lines == [2, 5, 7])
  }

  @Test func readsRows() throws {
    let table = try table("name,size\nboot,3\n,\n")
    #expect(table.names == ["name", "size"])
    #expect(table.rows == [["boot", "3"], ["", ""]])
    #expect(table.lines == [2, 3])
  }

  @Test func readsQuotedCells() throws {
    let table = try table("a,\"b, c\"\n\"say \"\"no\"\"\",\"two\nlines\r\nthree\"\nx,\"\"\n")
    #expect(table.names == ["a", "b, c"])
    #expect(table.rows == [["say \"no\"", "two\nlines\r\nthree"], ["x", ""]])
    #expect(table.lines == [2, 5])
  }

  @Test(arguments: [
    "\u{FEFF}a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,b\n1,2", "\n\na,b\n\n1,2\n\n", "a,\"b\"\n1,\"2\"",
  ])
  func readsEveryLineEnd(text: String) throws {
    let table = try table(text)
    #expect(table.names == ["a", "b"])
    #expect(table.rows == [["1", "2"]])
  }

  @Test func keepsTheEmptyCellsOfOneColumn() throws {
    let table = try table("a\n1\n\n\"\"\n2\n")
    #expect(table.rows == [["1"], [""], [""], ["2"]])
    #expect(table.lines == [2, 3, 4, 5])
  }

  @Test func takesAnotherSeparator() throws {
    let table = try Texts(
      separator: UInt8(ascii: "\t"), from: source(Array("a\tb\n1,5\t2".utf8)))
    #expect(table.rows == [["1,5", "2"]])
    #expect(try self.table("a,b\n1,").rows == [["1", ""]])
  }

  @Test(arguments: [
    (
      "",
      ": expected a first row of column names, got an empty file; write the names of the "
        + "columns into the first line."
    ),
    (
      "a,b\n1\n",
      ", line 2: expected 2 cells, as many as there are column names, got 1; complete the row, "
        + "and put quotes around a text that holds the separator."
    ),
    (
      "a,b\n\"x\ny\",1\n1,2,3",
      ", line 4: expected 2 cells, as many as there are column names, got 3; complete the row, "
        + "and put quotes around a text that holds the separator."
    ),
    (
      "a,a\n",
      ", line 1, column 2: expected a name that no other column has, got 'a' twice; "
        + "rename the column."
    ),
    (
      "a,\n",
      ", line 1, column 2: expected a name that no other column has, got none; "
        + "rename the column."
    ),
    (
      "a,b\n1,\"2\n3,4\n",
      ", line 2, column 2: expected a quote that ends the cell, got the end "
        + "of the file; close the quotes, or double the quotes within the cell."
    ),
    (
      "a,b\n\"1\"x,2\n",
      ", line 2, column 1: expected a separator or the end of the line after a "
        + "cell in quotes, got other text; double the quotes within the cell."
    ),
    (
      "a,b\n1,2\"\n",
      ", line 2, column 2: expected quotes around a whole cell, got a quote within "
        + "one; put the cell in quotes and double the quotes in it."
    ),
  ])
  func saysWhatIsWrong(text: String, words: String) {
    #expect(sentence { _ = try table(text) } == "a.csv" + words)
  }

  @Test func wantsUTF8() {
    #expect(
      sentence { _ = try Texts(from: source([0x61, 0x0A, 0xE4, 0x0A])) }
        == "a.csv, line 2, column 1: expected text in UTF-8, got bytes that aren't; "
        + "save the table with the encoding UTF-8.")
  }
}
