import ArgumentParser
import ExporterServer

/// Makes an API token.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make an API token, and print it once with the line for the configuration.",
        discussion: """
            Example:
              ai-benchmark-exporter token --name ci --role admin
            """
    )

    @Option(help: "Who will use the token; a name for the audit trail.")
    var name = "operator"

    @Option(help: "What the token may do: read or admin.")
    var role = Role.read

    mutating func validate() throws {
        guard !name.isEmpty, name.utf8.count <= 128, name.unicodeScalars.allSatisfy({ Self.isPlain($0) }) else {
            throw ValidationError("--name: expected 1 to 128 letters, digits, '-', '_', '.' or '@'")
        }
    }

    /// Whether the character can stand in YAML without quotes, anywhere in a name.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_.@".contains(Character(scalar)))
    }

    func run() throws {
        let (token, sha256) = AccessToken.generate()
        try Console.output(
            """
            The token is shown this once; send it as 'Authorization: Bearer TOKEN':

              \(token)

            In the configuration, which has only its hash:

              api:
                tokens:
                  - { name: "\(name)", role: \(role.rawValue), sha256: "\(sha256)" }
            """
        )
    }
}

extension Role: ExpressibleByArgument {}
