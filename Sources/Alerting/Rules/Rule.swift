import BenchmarkModel
import Yams

/// One entry of a group of rules.
struct Rule {
    enum Kind {
        /// The name of the series that the expression is recorded as.
        case record(String)
        case alert(AlertName, AlertSettings)
    }

    var kind: Kind
    /// PromQL; it may have several lines.
    var expression: String
    /// Beside those of the expression, in the order in which they are written.
    var labels: [(name: String, value: String)] = []
    /// Templates of Prometheus.
    var annotations: [(name: String, value: String)] = []

    static func record(_ name: String, _ expression: String) -> Self {
        Self(kind: .record(name), expression: expression)
    }

    /// As an entry of a rule file.
    var node: Node {
        var entries: [(Node, Node)] = []
        func add(_ key: String, _ value: Node) { entries.append((Node(key), value)) }
        func mapping(_ pairs: [(name: String, value: String)]) -> Node {
            Node(pairs.map { (Node($0.name), Self.text($0.value)) }, .implicit, .block)
        }
        switch kind {
        case .record(let name):
            add("record", Node(name))
            add("expr", Self.text(expression))
        case .alert(let name, let settings):
            add("alert", Node(name.fullName))
            add("expr", Self.text(expression))
            if settings.hold > .zero { add("for", Node(PromQL.duration(settings.hold))) }
            if settings.keepFiring > .zero { add("keep_firing_for", Node(PromQL.duration(settings.keepFiring))) }
        }
        if !labels.isEmpty { add("labels", mapping(labels)) }
        if !annotations.isEmpty { add("annotations", mapping(annotations)) }
        return Node(entries, .implicit, .block)
    }

    /// Several lines as a literal block; quotes where a plain text could be read as something else.
    private static func text(_ text: String) -> Node {
        if text.contains("\n") { return Node(text + "\n", .implicit, .literal) }
        let isPlain = text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || "_".unicodeScalars.contains($0) }
        return Node(text, .implicit, isPlain ? .any : text.contains("\"") ? .singleQuoted : .doubleQuoted)
    }
}

/// Rules that a Prometheus evaluates one after the other, so that a later one sees what an earlier one has recorded.
struct RuleGroup {
    var name: String
    var rules: [Rule]

    var node: Node {
        Node(
            [(Node("name"), Node(name)), (Node("rules"), Node(rules.map(\.node), .implicit, .block))],
            .implicit,
            .block
        )
    }
}

extension PromQL {
    /// A duration, rounded up to whole seconds.
    static func duration(_ duration: Duration) -> String {
        self.duration(Int(duration.seconds.rounded(.up)))
    }
}
