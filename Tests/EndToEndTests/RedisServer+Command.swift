import ExporterTestSupport

extension RedisServer {
    /// Gives a command, as an operator would, and returns the lines of the answer.
    @discardableResult
    func command(_ words: String...) async throws -> [String] {
        let client = try ChildProcess(
            "redis-cli",
            debianPackage: "redis-tools",
            arguments: ["-p", "\(port)"] + words
        )
        _ = await client.waitForExit()
        _ = try? await client.waitForLine(containing: "\u{0}")
        return client.lines
    }
}
