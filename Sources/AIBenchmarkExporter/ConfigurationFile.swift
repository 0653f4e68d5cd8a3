import ExporterConfiguration
import Foundation

/// The configuration file: where it is looked for, and how it is read.
struct ConfigurationFile {
    /// Where a file is looked for that is not named on the command line.
    static let defaultPaths = [
        "ai-benchmark-exporter.yml", "/etc/ai-benchmark-exporter/ai-benchmark-exporter.yml",
    ]

    /// The longest file that is read, in bytes.
    private static let maximumSize = 1 << 20

    let path: String
    /// What `--store.url` puts in place of the configured store.
    let storeOverride: String?

    /// The file at `path`, or the first of the default places that has one.
    init(_ path: String?, storeOverride: String? = nil) throws(CommandFailure) {
        self.storeOverride = storeOverride
        if let path {
            self.path = path
        } else if let found = Self.defaultPaths.first(where: { FileManager.default.fileExists(atPath: $0) }) {
            self.path = found
        } else {
            throw CommandFailure(
                message: """
                    ai-benchmark-exporter: no configuration file at \(Self.defaultPaths.joined(separator: " or ")). \
                    Write one to start from with 'ai-benchmark-exporter init > \(Self.defaultPaths[0])', \
                    name one with --config.file, or look around with 'ai-benchmark-exporter demo'.
                    """,
                status: .badUsage
            )
        }
    }

    /// Reads and checks the file; every problem is in the failure, one a line.
    func load() throws(CommandFailure) -> LoadedConfiguration {
        let text = try Self.text(of: path, as: "configuration")
        return try Self.load(text, file: path, storeOverride: storeOverride)
    }

    /// The text of a file, which the failure calls a `kind`.
    static func text(of path: String, as kind: String) throws(CommandFailure) -> String {
        do {
            return try read(path)
        } catch {
            throw CommandFailure(
                message: "ai-benchmark-exporter: read \(kind) \(path): \(error)",
                status: .badUsage
            )
        }
    }

    /// A loader for this machine, with `variables` beside those of the environment.
    static func loader(with variables: [String: String] = [:]) -> ConfigurationLoader {
        ConfigurationLoader(
            environment: ProcessInfo.processInfo.environment.merging(variables) { _, new in new },
            hostName: ProcessInfo.processInfo.hostName,
            readFile: { try read($0) }
        )
    }

    /// Checks `text`; `storeOverride` takes the place of the configured store.
    static func load(
        _ text: String,
        file: String,
        storeOverride: String?
    ) throws(CommandFailure) -> LoadedConfiguration {
        let loader = loader()
        var loaded: LoadedConfiguration
        do {
            loaded = try loader.load(text, file: file)
        } catch {
            throw CommandFailure(message: "\(error)", status: .badUsage)
        }
        guard let storeOverride else { return loaded }
        do {
            loaded.configuration.store.location = try loader.storeLocation(storeOverride)
        } catch {
            throw CommandFailure(message: "--store.url: \(error)", status: .badUsage)
        }
        return loaded
    }

    private static func read(_ path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ReadFailure(
                description: FileManager.default.fileExists(atPath: path) ? "not readable" : "no such file"
            )
        }
        defer { try? handle.close() }
        let data = try handle.read(upToCount: maximumSize + 1) ?? Data()
        guard data.count <= maximumSize else { throw ReadFailure(description: "larger than 1 MiB") }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ReadFailure(description: "not UTF-8 text")
        }
        return text
    }

    private struct ReadFailure: Error, CustomStringConvertible {
        let description: String
    }
}
