public import CVAEEvaluation
public import ConditionalData
import Foundation
import RecordTypes

extension Encoding {
  /// A map of z, coloured by a category: the two latent dimensions themselves where there are two,
  /// else the two principal axes.
  ///
  /// - Parameters:
  ///   - data: What was encoded.
  ///   - category: The field that colours the dots; nil, or no category, for one colour.
  /// - Throws: ``RecordTypes/UnknownName`` for a field that isn't there.
  public func map(of data: DataSet, colouredBy category: String?, title: String = "") throws
    -> LatentMap
  {
    let levels = try category.map { try self.levels(of: $0, in: data) }
    let (horizontal, vertical) = mapAxes(of: data)
    let points = records.indices.map { row in
      LatentMap.Point(
        x: horizontal.coordinates[row], y: vertical.coordinates[row], level: levels?.indices[row])
    }
    return LatentMap(
      points: points, levels: levels?.names ?? [], horizontalLabel: horizontal.label,
      verticalLabel: vertical.label, title: title)
  }

  /// Columns by which an axis is named, at most.
  private static let namedColumns = 3

  private typealias Axis = (label: String, coordinates: [Double])

  private func mapAxes(of data: DataSet) -> (Axis, Axis) {
    if latent <= 2 {
      let columns = (0..<2).map { column in
        records.indices.map { column < latent ? Double(z[$0 * latent + column]) : 0 }
      }
      return (("z0", columns[0]), (latent == 2 ? "z1" : "", columns[1]))
    }
    let principal = PrincipalAxes(rows: z, columns: latent)
    let axes = (0..<2).map { axis in
      let percent = String(format: "%.0f", 100 * principal.share(of: axis))
      let coordinates = principal.coordinates(of: z, axis: axis)
      let columns = columns(along: coordinates, in: data).prefix(Self.namedColumns)
        .map { "\($0.name) \(String(format: "%.2f", $0.association))" }.joined(separator: ", ")
      let label =
        "principal axis \(axis + 1) of z (\(percent) % of the variance)"
        + (columns.isEmpty ? "" : ": " + columns)
      return Axis(label: label, coordinates: coordinates)
    }
    return (axes[0], axes[1])
  }

  private func levels(
    of name: String, in data: DataSet
  ) throws -> (names: [String], indices: [Int?]) {
    let index = try data.schema.index(of: name)
    let column = data.columns[index]
    return (
      data.schema.fields[index].levels, records.map { column.level(Int($0)).map { Int($0) } }
    )
  }
}
