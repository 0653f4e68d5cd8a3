import ExporterConfiguration

/// The request of a step, whose templates are parsed once and rendered for each iteration.
struct StepRequest: Sendable {
    private let definition: ProbeDefinition
    /// In the order in which `Rendering` comes to them.
    private let templates: [Template]
    /// The names of the variables that must have values.
    let variables: Set<String>

    init(_ definition: ProbeDefinition) {
        self.definition = definition
        var collection = Collection()
        _ = collection.visit(definition)
        templates = collection.templates
        variables = templates.reduce(into: []) { $0.formUnion($1.variables) }
    }

    /// The request with the values put in; `nil` where a variable has none.
    func rendered(with values: [String: JSONScalar]) -> ProbeDefinition? {
        guard variables.isSubset(of: values.keys) else { return nil }
        var rendering = Rendering(templates: templates[...], values: values)
        return rendering.visit(definition)
    }
}

/// Collects the templates of a request.
private struct Collection: TemplateVisitor {
    var templates: [Template] = []

    mutating func text(_ text: String, _ escape: TemplateEscape) -> String {
        // The configuration has refused texts that are no templates.
        templates.append((try? Template(parsing: text)) ?? Template(literal: text))
        return text
    }

    mutating func value(_ text: String) -> JSONScalar {
        .string(self.text(text, .none))
    }
}

/// Puts values into the templates of a request, taking one after the other.
private struct Rendering: TemplateVisitor {
    var templates: ArraySlice<Template>
    let values: [String: JSONScalar]

    mutating func text(_ text: String, _ escape: TemplateEscape) -> String {
        templates.popFirst()?.rendered(with: values, escape: escape.apply) ?? text
    }

    mutating func value(_ text: String) -> JSONScalar {
        templates.popFirst()?.value(with: values) ?? .string(text)
    }
}
