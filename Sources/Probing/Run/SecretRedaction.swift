import BenchmarkModel
import ExporterConfiguration

/// Keeps what a probe sends in confidence out of what is said about its failures.
///
/// Details quote what a service answered, and a service may answer with what it was asked.
struct SecretRedaction: Sendable {
    /// Shorter values, and shorter beginnings of values, are no credentials; hiding them would garble ordinary sentences.
    private static let shortest = 6

    private let secrets: [String]

    /// What is sent in confidence for `probe`: the values of headers, their words (as in `Bearer …`), passwords, and the environments of
    /// commands.
    init(_ probe: ProbeDefinition) {
        let values = Self.values(of: probe)
        let words = values.flatMap { $0.split(separator: " ").map(String.init) }
        secrets = Set(values + words).filter { $0.utf8.count >= Self.shortest }.sorted { $0.count > $1.count }
    }

    private static func values(of probe: ProbeDefinition) -> [String] {
        switch probe {
        case .http(let definition, let target): (target.headers + definition.headers).map(\.value.reveal)
        case .languageModel(let definition, let target): (target.headers + definition.headers).map(\.value.reveal)
        case .redis(_, let endpoint): [endpoint.password].compactMap { $0?.reveal }
        case .tcp: []
        case .command(_, let target): target.environment.values.map(\.reveal)
        case .mix(let definition): definition.members.map(\.probe).flatMap(values)
        case .steps(let definition): definition.all.map(\.request).flatMap(values)
        }
    }

    /// The same failure, whose detail holds no secret and no beginning of one, as a quotation that was cut would.
    func redacted(_ failure: IterationFailure) -> IterationFailure {
        var result = failure
        for secret in secrets {
            var beginning = secret[...]
            while beginning.count >= Self.shortest, result.detail.contains(beginning.prefix(Self.shortest)) {
                result.detail = result.detail.replacing(beginning, with: "<redacted>")
                beginning = beginning.dropLast()
            }
        }
        return result
    }
}
