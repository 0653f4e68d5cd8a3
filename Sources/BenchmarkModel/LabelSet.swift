/// The labels of a series in the order in which they are written; no name occurs twice.
package struct LabelSet: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var labels: [Label]

    /// One name and its value; the value may hold any character.
    package struct Label: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        labels = elements.map { Label(name: $0, value: $1) }
    }

    /// The three labels that every metric of a benchmark carries.
    package init(_ identity: BenchmarkIdentity) {
        labels = [
            Label(name: "benchmark", value: identity.benchmark),
            Label(name: "operation", value: identity.operation),
            Label(name: "target", value: identity.target),
        ]
    }

    /// The same labels and one more, whose name is not among them.
    package func adding(_ name: String, _ value: String) -> Self {
        var result = self
        result.labels.append(Label(name: name, value: value))
        return result
    }
}
