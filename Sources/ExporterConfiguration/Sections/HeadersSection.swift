extension [HeaderDefinition] {
    /// The headers that the exporter writes itself, in lower case.
    static let ownHeaders = ["connection", "content-length", "host", "transfer-encoding"]

    /// Reads a mapping of header names to values; neither value nor broken name is ever shown.
    ///
    /// - `refused`: names in lower case that must not be there.
    init?(reading field: Field, refusing refused: [String] = ownHeaders) {
        guard let entries = field.entries("a mapping of header names to values") else { return nil }
        var headers: [HeaderDefinition] = []
        var names: Set<String> = []
        for entry in entries {
            func report(_ found: String, _ expected: String) {
                field.log.report(
                    ValueProblem(found: found, expected: expected),
                    at: entry.position,
                    field.node.path
                )
            }
            let name = entry.key.lowercased()
            if !entry.key.isHTTPToken {
                report("a header name that is not a token", "letters, digits and any of !#$%&'*+-.^_`|~")
            } else if refused.contains(name) {
                report(
                    "the header \(entry.key)",
                    "none that the exporter writes itself: \(refused.joined(separator: ", "))"
                )
            } else if !names.insert(name).inserted {
                report("the header \(entry.key) a second time", "each header once, in capitals or not")
            } else if let value = entry.field.headerValue() {
                headers.append(HeaderDefinition(name: entry.key, value: Secret(value)))
            }
        }
        self = headers
    }
}

extension Field {
    fileprivate func headerValue() -> String? {
        guard let value = text("the value of a header") else { return nil }
        guard value.hasControlCharacter else { return value }
        report(found: "a header value with a control character", expected: "one without")
        return nil
    }
}

extension String {
    /// Whether the text is a token of RFC 9110, section 5.6.2.
    package var isHTTPToken: Bool {
        !isEmpty && utf8.allSatisfy { $0.isLetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }
}
