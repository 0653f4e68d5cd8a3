extension ConfigurationLoader {
    /// Reads the text of a web configuration file, whose name serves for messages only.
    ///
    /// `isPasswordHash` says whether a text is a hash of a password that the server can use. Substitutions are made as in the
    /// configuration. Throws all problems at once.
    package func loadWeb(
        _ text: String,
        file: String,
        isPasswordHash: (String) -> Bool
    ) throws(ConfigurationError) -> LoadedWebConfiguration {
        let log = ProblemLog(file: file)
        var composer = NodeComposer(
            substitution: Substitution(environment: environment, readFile: readFile),
            log: log,
            expected: "a mapping with tls_server_config, http_server_config, basic_auth_users or rate_limit"
        )
        let configuration = composer.compose(text).flatMap {
            WebConfiguration(reading: Field(node: $0, log: log), isPasswordHash: isPasswordHash)
        }
        guard let configuration, log.problems.isEmpty else {
            throw ConfigurationError(problems: log.problems.inFileOrder)
        }
        return LoadedWebConfiguration(configuration: configuration, warnings: log.warnings.inFileOrder)
    }
}

/// A web configuration that has passed every check.
package struct LoadedWebConfiguration: Hashable, Sendable {
    /// How the server is secured.
    package var configuration: WebConfiguration
    /// What is allowed and yet hardly meant, in the order of the file.
    package var warnings: [ConfigurationProblem]
}
