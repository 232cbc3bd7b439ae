import CVAETraining
import Foundation
import TensorFiles

/// The files that a command reads, and those of the run that it uses: no result may replace them.
struct KeptFiles {
  private struct Kept {
    let path: String
    let role: String
  }

  private var kept: [Kept] = []

  /// - Parameters:
  ///   - paths: What is read: files, and folders with everything in them.
  ///   - written: Where other results of the command go.
  ///   - model: The model that is used: its file, its run's files, and what it was trained on.
  ///   - renewsReport: Whether the run's `report.html` is what is written.
  init(
    read paths: [String?], written: [String?] = [], model: TrainedModel? = nil,
    renewsReport: Bool = false
  ) {
    for named in paths.compactMap({ $0 }) {
      // The file that a shell redirects, if it is one.
      let path = named == ByteStream.standardInput ? "/dev/stdin" : named
      keep(path, "which is read")
      if path != named { continue }
      // A schema beside the data is read, too.
      let isFile = FileIdentity(path)?.isFolder == false
      if isFile { keep("schema.yaml", beside: path, "which is read") }
    }
    for path in written.compactMap({ $0 }) where path != AtomicFile.standardOutput {
      keep(path, "another output")
    }
    guard let path = model?.path else { return }
    keep(path, "the model")
    let files = Set([path, (try? RealPath.of(path)) ?? path])
    for file in files { keepRun(ofModel: file, renewsReport) }
  }

  private mutating func keep(_ path: String, beside file: String? = nil, _ role: String) {
    let folder = file.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path + "/" }
    kept.append(Kept(path: (folder ?? "") + path, role: role))
  }

  private mutating func keepRun(ofModel file: String, _ renewsReport: Bool) {
    let run = RunDirectory(URL(fileURLWithPath: file).deletingLastPathComponent().path)
    guard run.holdsRun else { return }
    for name in RunDirectory.names
      + [RunDirectory.pictureCacheName, RunDirectory.tableCacheName]
    where !(renewsReport && name == RunDirectory.reportName) {
      keep(name, beside: file, "a part of the run")
    }
    for session in run.runDescription?.sessions ?? [] {
      for path in [session.data, session.schema].compactMap({ $0 })
      where path != ByteStream.standardInput {
        let place = path.hasPrefix("/") ? path : "\(session.workingDirectory)/\(path)"
        keep(place, "which the model was trained on")
      }
    }
  }

  /// Refuses a place that is one of the files, by whatever name, or a file in one of the folders.
  ///
  /// - Parameter inFolders: Whether files in the folders are kept.
  /// - Throws: ``InvalidRequest``.
  func check(_ output: String, option: String = "--output", inFolders: Bool = true) throws {
    let place = PlaceOnDisk(output)
    for file in kept {
      let relation =
        if place.isSame(as: file.path) {
          "the same as"
        } else if inFolders, place.isFile(in: file.path) {
          "a file in"
        } else {
          ""
        }
      guard !relation.isEmpty else { continue }
      throw InvalidRequest(
        "\(option): expected a place of its own, got '\(output)', \(relation) '\(file.path)', "
          + "\(file.role); name another, so that it stays as it is.")
    }
  }
}
