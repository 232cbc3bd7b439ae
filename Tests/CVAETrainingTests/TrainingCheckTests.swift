import ConditionalData
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

@Suite struct TrainingCheckTests {
  private func said(
    _ data: DataSet, given: [String] = ["label"],
    _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) -> String {
    sentence {
      _ = try Trainer(
        data: data, configuration: Fixture.configuration(given: given, change),
        run: RunDirectory("unused"), executor: ReferenceExecutor())
    }
  }

  @Test func batchLargerThanTheTrainingSplitTakesAllOfIt() throws {
    let trainer = try Trainer(
      data: Fixture.pictures(), configuration: Fixture.configuration { $0.batch = 99 },
      run: RunDirectory("unused"), executor: ReferenceExecutor())
    #expect(trainer.configuration.training.batch == 30)
    #expect(trainer.batchesPerEpoch == 1)
  }

  @Test func tooFewRecords() throws {
    #expect(
      said(try Fixture.pictures(1)) {
        $0.batch = 1
        $0.validation = 0
      }
        == "expected at least 2 records to train on, got 1 of the data's 1; add records, or lower "
        + "training.validation.")
  }

  @Test func conditionOfOneLevel() throws {
    let pictures = try Fixture.pictures(9)
    let data = try DataSet(
      schema: pictures.schema,
      columns: [pictures.columns[0], .levels([Int32](repeating: 2, count: 9))])
    #expect(
      said(data) { $0.batch = 2 }
        == "every record has label 'high'; a condition needs at least two levels, so give another "
        + "field or add records with other levels.")
  }

  @Test func conditionWithoutValues() throws {
    let pictures = try Fixture.pictures(9)
    let data = try DataSet(
      schema: pictures.schema,
      columns: [pictures.columns[0], .levels([Int32?](repeating: nil, count: 9))])
    #expect(
      said(data) { $0.batch = 2 }
        == "no record of the training split has a label; a condition needs at least two levels, "
        + "so give another field.")
  }

  @Test func missingValuesOfAGeneratedFieldArePartOfTheRecord() throws {
    #expect(said(try Fixture.numbers(missingGenerated: [1, 2, 8]), given: ["x"]).isEmpty)
  }

  @Test func noGivenField() throws {
    #expect(
      said(try Fixture.pictures(), given: [])
        == "expected at least one given field, got none; name it with --given, or with 'given' in "
        + "the configuration (the data have image, label).")
  }

  @Test func masksOfPicturesAreNoneOfRows() throws {
    #expect(said(try Fixture.numbers(), given: ["any"]) { $0.masks = [.scattered, .none] }.isEmpty)
    #expect(
      said(try Fixture.numbers(), given: ["any"]) { $0.masks = [.halves] }
        == "training.masks: expected 'few', 'scattered', 'sparse' or 'none' for data without images, got "
        + "'halves'; leave training.masks out.")
  }

  @Test func masksAreForAny() throws {
    #expect(said(try Fixture.pictures(), given: ["any"]) { $0.masks = [.top] }.isEmpty)
    #expect(
      said(try Fixture.pictures()) { $0.masks = [.top] }
        == "training.masks hides pixels under 'given: any', got given label; leave out "
        + "training.masks, or train with --given any.")
    #expect(
      said(try Fixture.pictures(), given: ["any"]) { $0.masks = [] }
        == "training.masks must name at least one mask, got none.")
  }

  @Test func unknownField() throws {
    #expect(
      said(try Fixture.pictures(), given: ["lable"])
        == "No field is named 'lable'; the nearest is 'label'; known: 'image', 'label'; or 'any', with which any "
        + "field can be given later.")
    for (given, others) in [(["any", "label"], "'label'"), (["any", "any"], "'any'")] {
      #expect(
        said(try Fixture.pictures(), given: given)
          == "'any' lets any field be given later and stands alone, got also \(others); leave 'any' out to "
          + "give only these, or give 'any' alone.")
    }
  }

  @Test func settingsOutOfRange() throws {
    #expect(
      said(try Fixture.pictures()) { $0.batch = 0 }
        == "training.batch must be at least 1, got 0.")
  }
}
