/// The path of a Unix-domain socket, which has to fit into an address of the operating system.
struct SocketPath {
    static let expected = "an absolute path of at most \(maximumBytes) bytes, such as /run/app.sock"

    /// `sun_path` of Linux has 108 bytes, of which the last is zero (unix(7)).
    private static let maximumBytes = 107

    let text: String

    init(parsing text: String) throws(ValueProblem) {
        guard text.hasPrefix("/"), text.utf8.count > 1, text.last != "/" else {
            throw ValueProblem(found: "a path that is not an absolute one of a file", expected: Self.expected)
        }
        guard text.utf8.count <= Self.maximumBytes else {
            throw ValueProblem(found: "a path of \(text.utf8.count) bytes", expected: Self.expected)
        }
        guard !text.hasControlCharacter else {
            throw ValueProblem(found: "a path with a control character", expected: Self.expected)
        }
        self.text = text
    }
}
