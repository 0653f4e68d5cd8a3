import Yams

/// Writes a configuration out again without its secrets.
///
/// The text is made anew from the nodes, so comments and quoting are gone. What goes as well: values of headers, bodies,
/// what is sent over TCP or to a program, environments, cases, which are put into all of these, words of commands after the
/// first, users and passwords in URLs, queries of paths, and defaults of substitutions; substitutions themselves stay as
/// they were written, so nothing of what they stood for can appear.
enum Redaction {
    private static let mark = "<redacted>"

    static func text(of root: ConfigurationNode) -> String {
        let tree = node(root, treatment: .show)
        return (try? Yams.serialize(node: tree, allowUnicode: true)) ?? "# this configuration cannot be shown\n"
    }

    private enum Treatment {
        case show
        case hide
        /// One command, or a list of them; a text for the shell is hidden as a whole.
        case command
        case url
        case path

        init(key: String, inside outer: Self) {
            switch (outer, key) {
            case (.hide, _): self = .hide
            case (_, "headers"), (_, "body"), (_, "send"), (_, "stdin"), (_, "environment"), (_, "cases"),
                (_, "sha256"):
                self = .hide
            case (_, "prepare"), (_, "command"), (_, "cleanup"), (_, "run"): self = .command
            case (_, "url"), (_, "urls"), (_, "base_url"): self = .url
            case (_, "path"): self = .path
            case (.show, _), (.command, _), (.url, _), (.path, _): self = .show
            }
        }
    }

    private static func node(_ node: ConfigurationNode, treatment: Treatment) -> Node {
        switch node.content {
        case .scalar(let scalar): self.scalar(scalar, treatment)
        case .list(let nodes):
            Node(
                nodes.enumerated().map { index, element in
                    self.node(element, treatment: self.treatment(ofElement: element, at: index, in: treatment))
                },
                .list
            )
        case .mapping(let entries):
            Node(
                entries.map { entry in
                    (
                        Node(entry.key, .text),
                        self.node(entry.value, treatment: Treatment(key: entry.key, inside: treatment))
                    )
                },
                .mapping
            )
        case .unreadable: Node(mark, .text)
        }
    }

    /// The first word of a command is its name; the others may be a password.
    private static func treatment(
        ofElement element: ConfigurationNode,
        at index: Int,
        in outer: Treatment
    ) -> Treatment {
        guard case .command = outer, case .scalar = element.content else { return outer }
        return index == 0 ? .show : .hide
    }

    private static func scalar(_ scalar: ConfigurationNode.Scalar, _ treatment: Treatment) -> Node {
        let written = withoutDefaults(scalar.written)
        let shown =
            switch treatment {
            case .hide, .command: mark
            case .show: written
            case .url: withoutUser(written)
            case .path: withoutQuery(written)
            }
        let quotes = shown.contains("\n") ? Node.Scalar.Style.literal : .doubleQuoted
        return Node(shown, .text, scalar.isPlain || shown == mark ? .plain : quotes)
    }

    private static func withoutDefaults(_ written: String) -> String {
        guard let parts = try? Substitution.parts(of: written) else { return mark }
        return parts.map { part in
            switch part {
            case .text(let text): text
            case .escape: "$${"
            case .variable(let name, let fallback): fallback == nil ? "${\(name)}" : "${\(name):-\(mark)}"
            case .file(let path): "${file:\(path)}"
            }
        }.joined()
    }

    private static func withoutUser(_ url: String) -> String {
        guard let start = url.firstRange(of: "://")?.upperBound, let end = url.lastIndex(of: "@"), start <= end else {
            return url
        }
        return url[..<start] + mark + url[end...]
    }

    private static func withoutQuery(_ path: String) -> String {
        guard let query = path.firstIndex(of: "?") else { return path }
        return path[...query] + mark
    }
}
