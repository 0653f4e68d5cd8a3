/// Where commands run on this machine, and what they find around them.
package struct CommandTarget: Hashable, Sendable {
    /// The working directory; `nil` for that of the exporter.
    package var directory: String?
    /// All that the environment of the command has, besides `PATH` as the exporter has it.
    package var environment: [String: Secret]

    package init(directory: String? = nil, environment: [String: Secret] = [:]) {
        self.directory = directory
        self.environment = environment
    }
}

/// A program that runs once in each iteration.
package struct CommandProbeDefinition: Hashable, Sendable {
    /// The program and its arguments; at least one word, and just one where `usesShell`, which is for the shell to read.
    package var run: [String]
    /// Whether `/bin/sh` reads the command.
    package var usesShell: Bool
    /// What the program reads from its standard input; `nil` for nothing.
    package var standardInput: String?
    /// 0...255.
    package var expectedStatus: Int
    /// What standard output must hold.
    package var expectedOutput: TextExpectation

    package init(
        run: [String],
        usesShell: Bool = false,
        standardInput: String? = nil,
        expectedStatus: Int = 0,
        expectedOutput: TextExpectation = TextExpectation()
    ) {
        self.run = run
        self.usesShell = usesShell
        self.standardInput = standardInput
        self.expectedStatus = expectedStatus
        self.expectedOutput = expectedOutput
    }
}
