import Foundation

/// What a dashboard asks Prometheus for, as Grafana stores it.
struct Dashboard: Decodable {
    private struct Panel: Decodable {
        var title: String
        var targets: [Target]?
    }

    private struct Target: Decodable {
        var expr: String
    }

    private struct Annotation: Decodable {
        var name: String
        var expr: String
    }

    private struct Variable: Decodable {
        struct Query: Decodable {
            var query: String
        }

        var name: String
        var type: String
        /// Only a variable that asks Prometheus has more here than a text.
        var query: Query?

        private enum CodingKeys: CodingKey {
            case name, type, query
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            type = try container.decode(String.self, forKey: .type)
            query = type == "query" ? try container.decode(Query.self, forKey: .query) : nil
        }
    }

    private struct Templating: Decodable {
        var list: [Variable]
    }

    private struct Annotations: Decodable {
        var list: [Annotation]
    }

    /// A query of a panel, an annotation or a variable, with its variables replaced.
    struct Query: CustomStringConvertible {
        var place: String
        var expression: String

        var description: String { "\(place): \(expression)" }
    }

    private var title: String
    private var panels: [Panel]
    private var templating: Templating
    private var annotations: Annotations

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The files of the dashboards.
    static func files() throws -> [URL] {
        try FileManager.default
            .contentsOfDirectory(at: root.appending(path: "grafana/dashboards"), includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
    }

    /// Every query, for everything that the variables can select.
    ///
    /// An annotation marks when something happened, which in a healthy demo it does not; so its condition is left out.
    var queries: [Query] {
        let ofPanels = panels.flatMap { panel in
            (panel.targets ?? []).map { query("panel \(panel.title)", $0.expr) }
        }
        let ofAnnotations = annotations.list.map { annotation in
            query("annotation \(annotation.name)", annotation.expr.replacing(/\ == 1$/, with: ""))
        }
        let ofVariables = templating.list.compactMap { variable in
            variable.query.map { query("variable \(variable.name)", Self.counting($0.query)) }
        }
        return ofPanels + ofAnnotations + ofVariables
    }

    /// The values of a label as a query of Prometheus, where Grafana has a function of its own.
    private static func counting(_ labelValues: String) -> String {
        labelValues.replacing(/^label_values\((.*), (\w+)\)$/) { "count by (\($0.2)) (\($0.1))" }
    }

    private func query(_ place: String, _ expression: String) -> Query {
        var text = expression
        for window in ["$window", "$__range", "$__rate_interval"] { text = text.replacing(window, with: "1h") }
        for variable in templating.list { text = text.replacing("\"$\(variable.name)\"", with: "\".+\"") }
        return Query(place: "\(title), \(place)", expression: text)
    }
}
