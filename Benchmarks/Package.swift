// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "swift-cvae-benchmarks",
  dependencies: [
    .package(name: "swift-cvae", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        .product(name: "CVAE", package: "swift-cvae"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
