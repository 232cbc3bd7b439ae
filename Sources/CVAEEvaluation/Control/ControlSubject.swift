import CVAEModels
public import CVAETraining
public import RecordTypes

/// What control is judged on: a category that a model is given, and an image that it generates.
public struct ControlSubject: Hashable, Sendable {
  /// The given category.
  public let category: Field
  /// The first generated image.
  public let image: Field
  /// The image's extent.
  public let size: ImageSize

  /// The category of that name; the first given one if `field` is nil.
  ///
  /// - Throws: ``ControlFailure``.
  public init(_ model: TrainedModel, field name: String? = nil) throws {
    let given = model.model.givenFields
    let categories = given.filter(\.isCategory)
    let generated = model.model.generatedFields
    let images = generated.compactMap { field in field.imageSize.map { (field, $0) } }
    guard let (image, size) = images.first else {
      throw ControlFailure.noImage(generated: generated.map(\.name))
    }
    // The first that was named in --given, not the first of the schema.
    let first = model.roles.given.first { name in categories.contains { $0.name == name } }
    guard let first else { throw ControlFailure.noCategory(given: given.map(\.name)) }
    let wanted = name ?? first
    guard let category = categories.first(where: { $0.name == wanted }) else {
      throw ControlFailure.notACategory(field: wanted, categories: categories.map(\.name))
    }
    self.category = category
    self.image = image
    self.size = size
  }
}
