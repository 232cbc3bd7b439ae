import Foundation
import RecordTypes
import Testing

@testable import ConditionalData
@testable import PictureData

/// Pictures as another library writes and reads them.
@Suite(.enabled(if: Python.hasPillow, "needs Python with Pillow; set CVAE_TEST_PYTHON"))
struct PillowTests {
  private static let forms = [
    "grey.png", "one.png", "palette.png", "transparent.png", "alpha.png", "greyalpha.png",
    "sixteen.png", "interlaced.png", "grey.jpg", "colour.jpg", "progressive.jpg", "cmyk.jpg",
    "unmarked.jpg", "ycck.jpg", "turned3.png", "turned6.png", "turned3.webp", "turned6.webp",
    "key.png",
    "colour.webp", "lossless.webp", "alpha.webp",
  ]

  private static let script = """
    import sys
    from PIL import Image, ImageOps
    folder = sys.argv[1]
    def picture(mode):
      image = Image.new('RGB', (40, 30))
      image.putdata([(x * 6, y * 8, (x + y) * 3) for y in range(30) for x in range(40)])
      return image.convert(mode)
    def translucent():
      image = picture('RGBA')
      image.putalpha(picture('L'))
      return image
    plain = picture('RGB')
    picture('L').save(folder + '/grey.png')
    picture('1').save(folder + '/one.png')
    plain.quantize(9).save(folder + '/palette.png')
    plain.quantize(9).save(folder + '/transparent.png', transparency=3)
    translucent().save(folder + '/alpha.png')
    translucent().convert('LA').save(folder + '/greyalpha.png')
    sixteen = Image.new('I;16', (40, 30))
    sixteen.putdata([x * 1600 + y for y in range(30) for x in range(40)])
    sixteen.save(folder + '/sixteen.png')
    plain.save(folder + '/interlaced.png', interlace=True)
    picture('L').save(folder + '/grey.jpg', quality=90)
    plain.save(folder + '/colour.jpg', quality=90, subsampling=0)
    plain.save(folder + '/progressive.jpg', quality=90, progressive=True, subsampling=0)
    picture('CMYK').save(folder + '/cmyk.jpg', quality=95)
    inks = open(folder + '/cmyk.jpg', 'rb').read()
    marker = inks.index(b'Adobe') - 4
    end = marker + 2 + int.from_bytes(inks[marker + 2:marker + 4], 'big')
    open(folder + '/unmarked.jpg', 'wb').write(inks[:marker] + inks[end:])
    open(folder + '/ycck.jpg', 'wb').write(inks[:end - 1] + bytes([2]) + inks[end:])
    plain.save(folder + '/key.png', transparency=(60, 80, 60))
    for orientation in (3, 6):
      exif = Image.Exif()
      exif[0x0112] = orientation
      plain.save(folder + f'/turned{orientation}.png', exif=exif)
      plain.save(folder + f'/turned{orientation}.webp', lossless=True, exif=exif)
    plain.save(folder + '/colour.webp', quality=90)
    plain.save(folder + '/lossless.webp', lossless=True)
    translucent().save(folder + '/alpha.webp', lossless=True, exact=True)
    for orientation in range(1, 9):
      exif = Image.Exif()
      exif[0x0112] = orientation
      plain.save(folder + f'/turned{orientation}.jpg', quality=95, exif=exif, subsampling=0)
    for name in sys.argv[2:]:
      image = ImageOps.exif_transpose(Image.open(folder + '/' + name))
      if image.mode.startswith('I'):
        image = Image.eval(image.convert('I'), lambda value: value / 256).convert('L')
      image = image.convert('RGBA')
      white = Image.new('RGBA', image.size, (255, 255, 255, 255))
      pixels = Image.alpha_composite(white, image).convert('RGB').tobytes()
      with open(folder + '/' + name + '.raw', 'wb') as file: file.write(pixels)
      print(*reversed(image.size))
    """

  /// GD keeps 7 bits of alpha, and decoders differ in rounding.
  @Test func agreesOnEveryForm() throws {
    let folder = try TemporaryFolder()
    let names = Self.forms + (1...8).map { "turned\($0).jpg" }
    let printed = try Python.run(Self.script, [folder.path] + names)
    let lines = printed.split(separator: "\n")
    #expect(lines.count == names.count)
    for (name, line) in zip(names, lines) {
      let extent = line.split(separator: " ").compactMap { Int($0) }
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
      let header = try #require(bytes.withUnsafeBytes { PictureHeader($0) }, "\(name)")
      #expect([header.height, header.width] == extent, "\(name)")
      let pixels = try Picture.read(
        folder.file(name), size: ImageSize(height: extent[0], width: extent[1], channels: 3))
      let wanted = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file(name + ".raw"))))
      let worst = zip(pixels, wanted).map { abs(Int($0) - Int($1)) }.max() ?? 255
      #expect(worst <= (name.hasSuffix("webp") || name.hasSuffix("jpg") ? 3 : 1), "\(name)")
    }
  }
}
