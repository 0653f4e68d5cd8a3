import Foundation
import Testing

@testable import ExporterServer

@Suite("The field Authorization")
struct CredentialsTests {
    private static func basic(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    @Test(
        "is read as RFC 7617 and RFC 6750 have it, and nothing else",
        arguments: [
            (nil, .none),
            ("Basic \(basic("alice:secret"))", .basic(user: "alice", password: Array("secret".utf8))),
            ("bAsIc   \(basic("alice:a:b"))", .basic(user: "alice", password: Array("a:b".utf8))),
            ("Basic \(basic(":"))", .basic(user: "", password: [])),
            ("Basic \(basic("pär:ß"))", .basic(user: "pär", password: Array("ß".utf8))),
            (
                "Basic \(basic("a:" + String(repeating: "p", count: 511)))",
                .basic(user: "a", password: Array(repeating: UInt8(ascii: "p"), count: 511))
            ),
            ("Basic \(basic("a:" + String(repeating: "p", count: 512)))", .malformed),
            ("Basic \(basic("a:secret\0rest"))", .malformed),
            ("Basic \(basic("no colon"))", .malformed),
            ("Basic /zpi", .malformed),
            ("Basic !!!!", .malformed),
            ("Basic", .malformed),
            ("", .malformed),
            ("Bearer aibench_1", .bearer("aibench_1")),
            ("BEARER  aibench_1", .bearer("aibench_1")),
            ("Bearer", .malformed),
            ("Bearer ", .malformed),
            ("Bearer \(String(repeating: "a", count: 256))", .bearer(String(repeating: "a", count: 256))),
            ("Bearer \(String(repeating: "a", count: 257))", .malformed),
            ("Basic \(basic("a:b")), Bearer aibench_1", .malformed),
            ("Digest username=\"a\"", .malformed),
        ] as [(String?, Credentials)]
    )
    func reading(field: String?, credentials: Credentials) {
        #expect(Credentials(field) == credentials)
    }
}
