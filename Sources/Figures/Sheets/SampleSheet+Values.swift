public import RecordTypes

extension SampleSheet {
  /// A sheet of what a program generated for an image field.
  ///
  /// - Parameters:
  ///   - rows: A label, and the values of any number of pictures one after another.
  public init(image: ImageSize, rows: [(label: String, values: [Float])], title: String = "") {
    let rows = rows.map { row in
      let pictures = stride(from: 0, to: row.values.count, by: image.count).map {
        Array(row.values[$0..<$0 + image.count])
      }
      return Row(label: row.label, pictures: pictures)
    }
    self.init(
      rows: rows, height: image.height, width: image.width, channels: image.channels, title: title)
  }
}
