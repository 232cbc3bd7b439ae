// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors where `CI` is set, so that a newer compiler's warning never keeps a user from
/// building.
let strict: [SwiftSetting] =
  [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// `CVAE_ONEDNN` names a prefix whose `include/` and `lib/libdnnl.so` are built and run against,
/// instead of the system's; Documentation/Engine.md says more.
let prefix = Context.environment["CVAE_ONEDNN"].flatMap { path -> String? in
  if path.isEmpty { return nil }
  return path.hasPrefix("/") ? path : Context.packageDirectory + "/" + path
}
let oneDNNHeaders: [CSetting] = prefix.map { [.unsafeFlags(["-I\($0)/include"])] } ?? []
let oneDNNLibrary: [LinkerSetting] =
  prefix.map {
    // The file itself, since `-ldnnl` would fall back to the system's where it's missing.
    [.unsafeFlags(["\($0)/lib/libdnnl.so", "-Xlinker", "-rpath", "-Xlinker", "\($0)/lib"])]
  } ?? [.linkedLibrary("dnnl")]

let package = Package(
  name: "swift-cvae",
  products: [
    .library(name: "CVAE", targets: ["CVAE"]),
    .library(name: "CVAEPictures", targets: ["CVAEPictures"]),
    .executable(name: "cvae", targets: ["CVAECommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CGD", providers: [.apt(["libgd-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "COneDNN", cSettings: oneDNNHeaders, linkerSettings: oneDNNLibrary),
    .target(name: "CFusedLoops"),
    .target(name: "CMPI"),

    .target(name: "TensorGraph", swiftSettings: strict),
    .target(
      name: "OneDNNExecution", dependencies: ["TensorGraph", "COneDNN", "CFusedLoops"],
      swiftSettings: strict),
    .target(
      name: "MPICommunication", dependencies: ["TensorGraph", "CMPI"], swiftSettings: strict),
    .target(name: "CPJRT", linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "XLAExecution", dependencies: ["TensorGraph", "CPJRT"], swiftSettings: strict),
    .target(name: "TensorFiles", dependencies: ["CZlib"], swiftSettings: strict),
    .target(name: "RecordTypes", swiftSettings: strict),
    .target(
      name: "ConditionalData",
      dependencies: ["RecordTypes", "TensorFiles", "CZlib", "Yams"],
      swiftSettings: strict),
    .target(
      name: "PictureData", dependencies: ["ConditionalData", "RecordTypes", "TensorFiles", "CGD"],
      swiftSettings: strict),
    .target(
      name: "CVAEModels", dependencies: ["TensorGraph", "RecordTypes"], swiftSettings: strict),
    .target(
      name: "CVAETraining",
      dependencies: [
        "TensorGraph", "TensorFiles", "RecordTypes", "ConditionalData", "CVAEModels", "Yams",
      ],
      swiftSettings: strict),
    .target(
      name: "CVAEEvaluation",
      dependencies: [
        "TensorGraph", "TensorFiles", "RecordTypes", "ConditionalData", "CVAEModels",
        "CVAETraining", "CVAEGeneration",
      ],
      swiftSettings: strict),
    .target(
      name: "CVAEGeneration",
      dependencies: [
        "TensorGraph", "TensorFiles", "RecordTypes", "ConditionalData", "CVAEModels",
        "CVAETraining",
      ],
      swiftSettings: strict),
    .target(
      name: "Figures",
      dependencies: [
        "RecordTypes", "ConditionalData", "PictureData", "CVAETraining", "CVAEEvaluation", "CGD",
      ],
      swiftSettings: strict),
    .target(
      name: "CVAE",
      dependencies: [
        "TensorGraph", "OneDNNExecution", "XLAExecution", "TensorFiles", "RecordTypes",
        "ConditionalData", "CVAEModels", "CVAETraining", "CVAEGeneration", "CVAEEvaluation",
      ], swiftSettings: strict),
    .target(
      name: "CVAEPictures", dependencies: ["PictureData", "Figures"], swiftSettings: strict),
    .executableTarget(
      name: "LibraryExample", dependencies: ["CVAE"], path: "Examples/library",
      swiftSettings: strict),
    .executableTarget(
      name: "AlphabetScore", dependencies: ["CVAE"], path: "Examples/alphabet/Score",
      swiftSettings: strict),
    .executableTarget(
      name: "CVAECommand",
      dependencies: [
        "TensorGraph", "OneDNNExecution", "XLAExecution", "MPICommunication", "TensorFiles",
        "RecordTypes",
        "ConditionalData", "PictureData", "CVAEModels", "CVAETraining", "CVAEEvaluation",
        "CVAEGeneration", "Figures",
        "CVAE",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .testTarget(name: "CFusedLoopsTests", dependencies: ["CFusedLoops"]),
    .testTarget(name: "ReadmeTests"),
    .target(name: "TestSupport", dependencies: ["TensorGraph"], path: "Tests/TestSupport"),
    .testTarget(name: "TensorGraphTests", dependencies: ["TensorGraph", "TestSupport"]),
    .testTarget(
      name: "OneDNNExecutionTests",
      dependencies: ["CFusedLoops", "OneDNNExecution", "TensorGraph", "TestSupport"]),
    .testTarget(
      name: "XLAExecutionTests",
      dependencies: ["XLAExecution", "OneDNNExecution", "TensorGraph", "TestSupport"]),
    .testTarget(name: "TensorFilesTests", dependencies: ["TensorFiles"]),
    .testTarget(name: "RecordTypesTests", dependencies: ["RecordTypes"]),
    .testTarget(
      name: "ConditionalDataTests",
      dependencies: ["ConditionalData", "RecordTypes", "TensorFiles"]),
    .testTarget(
      name: "PictureDataTests",
      dependencies: ["PictureData", "ConditionalData", "RecordTypes", "TensorFiles", "CGD"]),
    .testTarget(
      name: "CVAEModelsTests", dependencies: ["CVAEModels", "RecordTypes", "TensorGraph"]),
    .testTarget(
      name: "CVAETrainingTests",
      dependencies: [
        "CVAETraining", "CVAEModels", "ConditionalData", "RecordTypes", "TensorFiles",
        "TensorGraph",
      ]),
    .testTarget(
      name: "CVAEEvaluationTests",
      dependencies: [
        "CVAEEvaluation", "CVAEGeneration", "CVAETraining", "CVAEModels", "ConditionalData",
        "OneDNNExecution", "RecordTypes", "TensorFiles", "TensorGraph",
      ]),
    .testTarget(
      name: "FiguresTests",
      dependencies: ["Figures", "CVAEEvaluation", "ConditionalData", "RecordTypes"]),
    .testTarget(
      name: "CVAEGenerationTests",
      dependencies: [
        "CVAEGeneration", "CVAETraining", "CVAEModels", "ConditionalData", "OneDNNExecution",
        "RecordTypes", "TensorFiles", "TensorGraph",
      ]),
    .testTarget(
      name: "CVAECommandTests",
      dependencies: [
        "CVAE", "CVAECommand", "CVAEModels", "CVAETraining", "ConditionalData", "Figures",
        "OneDNNExecution", "RecordTypes", "TensorFiles", "TensorGraph",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

if let prefix {
  // Swift reads oneDNN's header again in each target that imports OneDNNExecution, near or far.
  for target in package.targets where target.type != .system {
    target.swiftSettings =
      (target.swiftSettings ?? []) + [.unsafeFlags(["-Xcc", "-I\(prefix)/include"])]
  }
}
