import ExporterConfiguration

/// A loader whose environment and files are those of the test.
func testLoader(
    environment: [String: String] = [:],
    hostName: String = "test-host",
    files: [String: String] = [:]
) -> ConfigurationLoader {
    struct NoSuchFile: Error {}
    return ConfigurationLoader(environment: environment, hostName: hostName) { path in
        guard let text = files[path] else { throw NoSuchFile() }
        return text
    }
}

/// A configuration with one HTTP benchmark, and with `extra` lines in it.
func configuration(
    _ top: String = "",
    name: String = "health_check",
    extra: [String] = [],
    probe: String = "http: { path: /health }"
) -> String {
    """
    \(top)
    targets:
      assistant: { http: { base_url: "http://127.0.0.1:8000" } }
    benchmarks:
      - name: \(name)
        target: assistant
    \(extra.map { "    \($0)" }.joined(separator: "\n"))
        probe: { \(probe) }
    """
}
