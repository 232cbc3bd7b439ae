import CVAE

let data = try DataSet.load("/usr/share/datasets/fashion-mnist")
var settings = RunConfiguration()
settings.given = ["label"]
settings.training.epochs = 3
let executor = OneDNNExecutor(precision: .float32)
let run = try RunDirectory.prepare("runs/library", overwrite: true)
let trainer = try Trainer(data: data, configuration: settings, run: run, executor: executor)
_ = try trainer.run(onEpoch: { print("epoch \($0.epoch): ELBO \($0.train.elbo) nats") })

let model = try TrainedModel.load(run.path)
let boots = try Conditions(["label": .level(9)], count: 64, model: model)
let generator = try Generator(model, executor: executor, batch: 64)
let records = try generator.draw(DrawRequest(boots, seed: 1))[0]
print("\(records.count) ankle boots, fields \(records.records.schema.fields.map(\.name))")
