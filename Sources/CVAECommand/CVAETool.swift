import ArgumentParser
import CVAETraining
import Foundation
import MPICommunication
import RecordTypes
import TensorFiles

/// The `cvae` command: parse, validate, call one library function, print.
@main
struct CVAETool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cvae",
    abstract: "Train conditional variational autoencoders, and generate under control.",
    discussion: """
      A record has typed fields; some are given, the others generated.

        cvae train photos/ --given label --output runs/photos
        cvae generate runs/photos --given label=boot --count 64 --output boots.png

      Every command has a page with an example: cvae train --help
      """,
    version: "\(ToolVersion.name) \(ToolVersion.current)",
    subcommands: [
      TrainCommand.self, GenerateCommand.self, TransferCommand.self, VaryCommand.self,
      MixCommand.self, MorphCommand.self, CompleteCommand.self,
      ClassifyCommand.self, EncodeCommand.self, EvaluateCommand.self, ReportCommand.self,
      InspectCommand.self, DoctorCommand.self,
    ])

  static func main() {
    // A full quota and a closed pipe then show as errors of the write, not as signals, so that what is half-written
    // is removed.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    if let script = BashScript.requested(by: Array(CommandLine.arguments.dropFirst())) {
      print(script)
      return
    }
    do {
      try checkEncoding()
      try checkName(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      warnOfProcesses(of: command)
      try command.run()
    } catch let failure as FileFailure where failure.isClosedOutput {
      // As if the signal had not been ignored: nobody wants the rest.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    } catch {
      Terminal.end(self, with: error)
    }
  }

  /// Says that processes which a launcher has started together don't share the work of most commands.
  private static func warnOfProcesses(of command: any ParsableCommand) {
    let launch = MPILaunch()
    guard launch.count > 1, launch.rank == 0, !(command is TrainCommand),
      !(command is EvaluateCommand)
    else { return }
    Terminal.warn(
      "only train and evaluate share work among processes; each of these \(launch.count) does all of it."
    )
  }

  /// Refuses an argument that isn't UTF-8, whose bytes Swift would replace.
  private static func checkEncoding() throws {
    for (argument, text) in zip(
      UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)),
      CommandLine.arguments)
    {
      guard let argument, String(validatingCString: argument) == nil else { continue }
      throw ValidationError(
        "expected arguments in UTF-8, got '\(text)', in which \u{FFFD} stands for bytes that aren't."
      )
    }
  }

  /// Refuses a word in the place of a command that is none, with the nearest one.
  private static func checkName(_ word: String?) throws {
    let known = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let word, !word.hasPrefix("-"), word != "help", !known.contains(word) else { return }
    throw ValidationError("\(UnknownName(kind: "command", name: word, known: known))")
  }
}
