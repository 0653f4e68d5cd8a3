/// What a body in the text format says.
package struct ParsedExposition: Sendable {
    package struct Family: Sendable {
        package var name: String
        package var help: String?
        package var type: String?
        package var samples: [Sample] = []
    }

    package struct Sample: Sendable {
        /// With the suffix `_bucket`, `_sum` or `_count` where the family has them.
        package var name: String
        package var labels: [String: String]
        package var value: Double
    }

    /// In the order of the body.
    package internal(set) var families: [Family] = []

    /// The samples of that name, suffix included, in the order of the body.
    package func series(of name: String) -> [Sample] {
        families.flatMap(\.samples).filter { $0.name == name }
    }

    /// The value of the sample with that name, suffix included, and exactly these labels.
    package func value(of name: String, labels: [String: String] = [:]) -> Double? {
        series(of: name).first { $0.labels == labels }?.value
    }
}
