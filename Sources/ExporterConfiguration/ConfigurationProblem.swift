/// One thing that is wrong with a configuration, and where.
package struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    /// The file as the user named it.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars, as YAML counts.
    package var column: Int
    /// Such as `benchmarks[2].probe.http.path`; empty where the whole file is meant.
    package var keyPath: String
    /// What was found, and what was expected instead; without a secret.
    package var message: String

    /// `FILE:LINE:COLUMN: key.path: message`.
    package var description: String {
        let place = "\(file):\(line):\(column)"
        return keyPath.isEmpty ? "\(place): \(message)" : "\(place): \(keyPath): \(message)"
    }
}

/// Everything that is wrong with a configuration, at once.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// In the order of the file; at least one.
    package var problems: [ConfigurationProblem]

    /// One line for each problem.
    package var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}

/// What is wrong with one value, said without knowing where the value stands.
package struct ValueProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was there instead; without a secret.
    package var found: String
    /// What should be there.
    package var expected: String

    /// `found …, expected …`.
    package var description: String { "found \(found), expected \(expected)" }
}
