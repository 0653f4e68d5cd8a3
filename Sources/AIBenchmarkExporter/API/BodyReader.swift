import ExporterConfiguration
import ExporterServer
import Foundation

/// The body of a request, a JSON object, read field by field; all that is wrong with it is told at once, with 422.
///
/// A body is small, and of what is wrong with it only the beginning is told, so that no answer is many times its request.
struct BodyReader {
    /// The longest body, in bytes.
    static let maximumBytes = 64 * 1024
    /// The most that is told of what is wrong.
    static let maximumProblems = 20
    /// The most names that one problem lists.
    private static let maximumNames = 20

    private let keys: [String]
    private let fields: [String: JSONValue]
    private var problems: [FieldProblem] = []
    /// Those whose names a body may have.
    private var benchmarks: [String] = []

    /// Reads the object, which may have `keys` only; no body is an empty object.
    init(_ request: ServerRequest, keys: [String]) throws(APIProblem) {
        self.keys = keys
        guard !request.body.isEmpty else {
            fields = [:]
            return
        }
        guard request.body.count <= Self.maximumBytes else {
            throw APIProblem(413, "the body has more than \(Self.maximumBytes) bytes")
        }
        let type = (request.headers["content-type"] ?? "").prefix { $0 != ";" }
        guard type.trimmingCharacters(in: .whitespaces).lowercased() == "application/json" else {
            throw APIProblem(415, "the body must be JSON: send it with 'Content-Type: application/json'")
        }
        let value: JSONValue
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: Data(request.body))
        } catch {
            throw APIProblem(400, "the body is not JSON")
        }
        guard case .object(let fields) = value else {
            throw APIProblem(
                422,
                "the body is not an object",
                errors: [FieldProblem(pointer: "#", detail: "found \(value.kind), expected an object")]
            )
        }
        self.fields = fields
        for key in fields.keys.sorted().filter({ !keys.contains($0) }).prefix(Self.maximumProblems) {
            let expected = keys.isEmpty ? "none" : keys.joined(separator: ", ")
            report(Self.pointerToken(key), "found an unknown key, expected \(expected)")
        }
    }

    /// Ends the reading: throws if anything was wrong.
    func finish() throws(APIProblem) {
        guard let first = problems.first else { return }
        var problem = APIProblem(422, "\(first.pointer): \(first.detail)", errors: problems)
        problem.audited = keys.compactMap { key in
            value(key).map { "\(key)=\(AuditedValue.text($0, among: benchmarks))" }
        }
        .joined(separator: " ")
        throw problem
    }

    /// A whole number; `nil` where the body has none.
    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = value(key) else { return nil }
        if case .number(let number) = value, let integer = Int(exactly: number), range.contains(integer) {
            return integer
        }
        report(key, "found \(value.kind), expected a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    /// A yes or no; `nil` where the body has none.
    mutating func boolean(_ key: String) -> Bool? {
        guard let value = value(key) else { return nil }
        if case .boolean(let boolean) = value { return boolean }
        report(key, "found \(value.kind), expected true or false")
        return nil
    }

    /// A duration as the configuration has it, of at least 1 s; `nil` where the body has none.
    mutating func duration(_ key: String) -> Duration? {
        guard let value = value(key) else { return nil }
        if case .string(let text) = value, let duration = try? Duration(configurationText: text),
            duration >= .seconds(1)
        {
            return duration
        }
        report(key, "found \(value.kind), expected a duration from 1s to 100y, such as 30s or 1h30m")
        return nil
    }

    /// One of a closed set; `nil` where the body has none.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        of type: Choice.Type
    ) -> Choice? {
        guard let value = value(key) else { return nil }
        if case .string(let text) = value, let choice = Choice(rawValue: text) { return choice }
        let choices = Choice.allCases.map(\.rawValue).joined(separator: " or ")
        report(key, "found \(value.kind), expected \(choices)")
        return nil
    }

    /// Names of benchmarks, each once, at least one; `nil` where the body has none.
    mutating func benchmarks(among known: [String]) -> [String]? {
        benchmarks = known
        guard let value = value("benchmarks") else { return nil }
        guard case .array(let elements) = value, !elements.isEmpty, elements.count <= known.count else {
            report("benchmarks", "found \(value.kind), expected a list of 1 to \(known.count) names of benchmarks")
            return nil
        }
        var names: [String] = []
        for (index, element) in elements.enumerated() {
            if case .string(let name) = element, known.contains(name), !names.contains(name) {
                names.append(name)
            } else {
                let listed = known.prefix(Self.maximumNames).joined(separator: ", ")
                let further = known.count > Self.maximumNames ? " and \(known.count - Self.maximumNames) more" : ""
                let expected = "some of \(listed)\(further), each once"
                report("benchmarks/\(index)", "found \(element.kind), expected \(expected)")
            }
        }
        return names
    }

    /// Says that a field that has to be there is not.
    mutating func miss(_ key: String, _ expected: String) {
        if value(key) == nil { report(key, "found nothing, expected \(expected)") }
    }

    /// Says that a field, whatever it has in itself, does not go with something else.
    mutating func refuse(_ key: String, _ expected: String) {
        report(key, "found \(value(key)?.kind ?? "nothing"), expected \(expected)")
    }

    private func value(_ key: String) -> JSONValue? { fields[key] }

    /// A key as RFC 6901 writes it in a pointer.
    private static func pointerToken(_ key: String) -> String {
        String(key.prefix(128)).replacing("~", with: "~0").replacing("/", with: "~1")
    }

    private mutating func report(_ path: String, _ detail: String) {
        guard problems.count < Self.maximumProblems else { return }
        let path = path.addingPercentEncoding(withAllowedCharacters: .urlFragmentAllowed) ?? ""
        problems.append(FieldProblem(pointer: "#/\(path)", detail: detail))
    }
}
