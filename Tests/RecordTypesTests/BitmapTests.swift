import Testing

@testable import RecordTypes

@Suite struct BitmapTests {
  /// Around the ends of words.
  @Test(arguments: [0, 1, 63, 64, 65, 128, 200])
  func bitsComeBack(count: Int) {
    let bits = (0..<count).map { $0 % 3 == 1 || $0 >= 62 }
    let bitmap = Bitmap(bits)
    #expect(bitmap.count == count)
    #expect((0..<count).map { bitmap[$0] } == bits)
    #expect(bitmap.setCount == bits.count { $0 })
  }

  @Test(arguments: [0, 1, 63, 64, 65, 128, 200])
  func equalBitsAreEqual(count: Int) {
    let full = Bitmap(repeating: true, count: count)
    #expect(full == Bitmap([Bool](repeating: true, count: count)))
    #expect(full.isFull && full.setCount == count)
    let none = Bitmap(repeating: false, count: count)
    #expect(none == Bitmap([Bool](repeating: false, count: count)))
    #expect(none.setCount == 0 && none.isFull == (count == 0))
    #expect(full != Bitmap(repeating: true, count: count + 1))
  }

  @Test func bitsAreSetOneByOne() {
    var bitmap = Bitmap(repeating: false, count: 130)
    for index in [0, 63, 64, 129] { bitmap[index] = true }
    #expect((0..<130).filter { bitmap[$0] } == [0, 63, 64, 129])
    bitmap[64] = false
    bitmap[64] = false
    #expect((0..<130).filter { bitmap[$0] } == [0, 63, 129])
    var same = Bitmap(repeating: true, count: 130)
    for index in 0..<130 where ![0, 63, 129].contains(index) { same[index] = false }
    #expect(same == bitmap && same.hashValue == bitmap.hashValue)
  }
}
