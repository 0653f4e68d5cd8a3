/// An answer.
package struct ServerResponse: Sendable {
    /// 200...599.
    package var status: Int
    package var contentType: String
    /// Fields beyond those that every answer has: date, type and length of the body, `Connection`,
    /// `X-Content-Type-Options`.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// What comes before `body`: bytes that whoever made the answer keeps anyway, and that many answers share.
    package var sharedBody: [UInt8] = []
    /// What comes in the place of the body for as long as it goes on; the answer is then the last of its connection.
    ///
    /// A piece is asked for when the one before it has left. Asking ends with the connection and at a shutdown.
    package var pieces: AsyncStream<[UInt8]>?
    /// What a management call was told to do, for the audit trail: checked values, never a secret.
    package var audited = ""

    package init(status: Int, contentType: String, headers: [(name: String, value: String)] = [], body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }

    /// The length of the whole body.
    var bodyBytes: Int { sharedBody.count + body.count }

    /// One line of plain text.
    package static func text(_ status: Int, _ text: String, headers: [(name: String, value: String)] = []) -> Self {
        Self(
            status: status,
            contentType: "text/plain; charset=utf-8",
            headers: headers,
            body: Array("\(text)\n".utf8)
        )
    }

    /// Whether the answer can be sent: nothing in a field may end it or begin another, and nobody but the server frames.
    var isWellFormed: Bool {
        (200...599).contains(status) && Self.isValue(contentType)
            && headers.allSatisfy { name, value in
                Self.isToken(name) && Self.isValue(value) && !Self.namesOfTheServer.contains(name.lowercased())
            }
    }

    private static let namesOfTheServer: Set<String> = [
        "connection", "content-length", "content-type", "date", "transfer-encoding", "x-content-type-options",
    ]

    /// A token of RFC 9110, section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
