import Testing

@testable import CVAETraining

@Suite struct ScheduleTests {
  @Test func constantRateStaysFull() {
    let schedule = LearningRateSchedule()
    #expect([0, 1, 99].map { schedule.share(step: $0, of: 100) } == [1, 1, 1])
  }

  @Test func warmupRisesInAStraightLine() {
    let schedule = LearningRateSchedule(kind: .constant, warmupSteps: 4)
    #expect((0..<6).map { schedule.share(step: $0, of: 6) } == [0.25, 0.5, 0.75, 1, 1, 1])
  }

  @Test func cosineFallsFromOneToTheFinalShare() {
    let schedule = LearningRateSchedule(kind: .cosine, warmupSteps: 2, finalShare: 0.1)
    #expect(schedule.share(step: 0, of: 12) == 0.5)
    #expect(schedule.share(step: 1, of: 12) == 1)
    #expect(schedule.share(step: 2, of: 12) == 1)
    #expect(abs(schedule.share(step: 7, of: 12) - 0.55) < 1e-15)
    // cos(π · 0.9) = −0.9510565162951535
    #expect(abs(schedule.share(step: 11, of: 12) - 0.1220245676671809) < 1e-15)
    #expect(schedule.share(step: 12, of: 12) == 0.1)
    #expect(schedule.share(step: 40, of: 12) == 0.1)
  }

  @Test func warmupLongerThanTheRunNeverDividesByZero() {
    let schedule = LearningRateSchedule(kind: .cosine, warmupSteps: 10)
    #expect(schedule.share(step: 4, of: 5) == 0.5)
  }

  @Test func klWeightIsConstantOrRisesToItsEnd() {
    #expect(KLSchedule.constant(0.5).weight(epoch: 7, batch: 3, of: 4) == 0.5)
    #expect(KLSchedule.constant(0.5).warmupEpochs == 0)
    let linear = KLSchedule.linear(from: 0.2, to: 1, epochs: 2)
    #expect(linear.weight(epoch: 0, batch: 0, of: 4) == 0.2)
    #expect(abs(linear.weight(epoch: 0, batch: 2, of: 4) - 0.4) < 1e-15)
    #expect(abs(linear.weight(epoch: 1, batch: 3, of: 4) - 0.9) < 1e-15)
    #expect(linear.weight(epoch: 2, batch: 0, of: 4) == 1)
    #expect(linear.weight(epoch: 3, batch: 1, of: 4) == 1)
    #expect(linear.warmupEpochs == 2)
  }
}
