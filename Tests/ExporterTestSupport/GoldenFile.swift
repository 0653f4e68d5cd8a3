import Foundation

/// A file under `Tests/Fixtures` that says what an output must be; `make golden` rewrites it, and review reads it.
package struct GoldenFile {
    private let url: URL

    /// The golden file at `path` below `Tests/Fixtures`.
    package init(_ path: String) {
        url = Self.fixtures.appendingPathComponent(path)
    }

    /// Whether expected outputs are rewritten rather than compared, as `make golden` asks for.
    package static var isUpdating: Bool {
        ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil
    }

    /// What differs between the file and `output`, as a sentence; `nil` where they are the same.
    ///
    /// While golden files are being updated the file is rewritten instead.
    package func difference(to output: String) throws -> String? {
        if Self.isUpdating {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(output.utf8).write(to: url)
            return nil
        }
        guard let data = try? Data(contentsOf: url) else {
            return "\(url.path) does not exist; 'make golden' writes it"
        }
        let expected = String(decoding: data, as: UTF8.self)
        guard expected != output else { return nil }
        let pairs = zip(
            expected.split(separator: "\n", omittingEmptySubsequences: false),
            output.split(separator: "\n", omittingEmptySubsequences: false)
        )
        let line = pairs.enumerated().first { $0.element.0 != $0.element.1 }
        guard let line else {
            return "\(url.lastPathComponent): one is longer than the other; the output is:\n\(output)"
        }
        return """
            \(url.lastPathComponent):\(line.offset + 1):
            expected: \(line.element.0)
            found:    \(line.element.1)
            """
    }

    /// The path of the file `name` below `Tests/Fixtures`.
    package static func fixture(_ name: String) -> String {
        fixtures.appendingPathComponent(name).path
    }

    private static var fixtures: URL {
        URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures")
    }
}
