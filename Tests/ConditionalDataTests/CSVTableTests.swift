import Testing

@testable import ConditionalData

@Suite struct CSVTableTests {
  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(Array(text.utf8), path: "a.csv")
  }

  @Test func readsRows() throws {
    let table = try table("name,size\nboot,3\n,\n")
    #expect(table.names == ["name", "size"])
    #expect(table.rows == [["boot", "3"], ["", ""]])
    #expect(table.lines == [2, 3])
    #expect(table.column(1) == ["3", ""])
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

  @Test func takesAnotherSeparator() throws {
    let table = try CSVTable(
      Array("a\tb\n1,5\t2".utf8), path: "a.tsv", separator: UInt8(ascii: "\t"))
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
      ", line 1, column 2: expected a name that no other column has, got 'a' again; "
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
      sentence { _ = try CSVTable([0x61, 0x0A, 0xE4, 0x0A], path: "a.csv") }
        == "a.csv, line 2, column 1: expected text in UTF-8, got bytes that aren't; "
        + "save the table with the encoding UTF-8.")
  }
}
