import ExporterServer

// WHAT THE AUDIT TRAIL HAS OF A CALL
//
// The trail is to say at what a call was aimed, also where it was refused or named nothing. Yet anything may be pasted into
// a target or a body, a password too, and the trail is kept for long. So a value is written as it is only where it is, or
// has the shape of, one that the API works with; of anything else there is the length.

/// A value of a call as the audit trail has it.
enum AuditedValue {
    /// The most values of a list that are written.
    private static let longestList = 20
    /// The longest time that is written, in bytes: one with nanoseconds and an offset has 35.
    private static let longestTime = 40

    /// The `text` itself where it is one of `names`, a short word, the name of a run or a time; else its length.
    static func text(_ text: String, among names: [String]) -> String {
        let isKnown =
            names.contains(text) || text.wholeMatch(of: /[A-Za-z0-9_.+-]{1,16}/) != nil
            || text.wholeMatch(of: /[0-9a-f]{1,16}-[0-9a-f]{1,16}/) != nil
            || text.utf8.count <= longestTime && Timestamp(text) != nil
        return isKnown ? text : "(\(text.utf8.count) bytes)"
    }

    /// The same of a value of JSON; of a list, what is in it, but not of one in a list.
    static func text(_ value: JSONValue, among names: [String]) -> String {
        guard case .array(let elements) = value, elements.count <= longestList else {
            return scalar(value, among: names)
        }
        return elements.map { scalar($0, among: names) }.joined(separator: ",")
    }

    private static func scalar(_ value: JSONValue, among names: [String]) -> String {
        switch value {
        case .null, .boolean, .number: value.kind
        case .string(let text): self.text(text, among: names)
        case .array, .object: "(\(value.kind))"
        }
    }
}

extension Endpoint {
    /// The parameters that the target of `request` has, for the audit trail: those of the path, and then those of the query.
    func audited(_ request: ServerRequest, among benchmarks: [String]) -> String {
        parameters.compactMap { parameter in
            let value: String?
            switch parameter.place {
            case .path: value = request.parameters[parameter.name]
            case .query: value = QueryReader.value(of: parameter.name, in: request)
            case .header: value = nil
            }
            return value.map { "\(parameter.name)=\(AuditedValue.text($0, among: benchmarks))" }
        }
        .joined(separator: " ")
    }
}
