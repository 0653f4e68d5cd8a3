import ExporterServer
import Foundation
import NIOCore
import Synchronization

/// Settings of a server whose time stands still unless a test moves it, and what it told of management calls.
final class SecurityUnderTest: Sendable {
    private let time = Mutex(Duration.seconds(1000))
    private let log = Mutex<[ManagementCall]>([])
    private let web: WebSettings
    private let access: AccessSettings

    init(web: WebSettings = WebSettings(), access: AccessSettings = AccessSettings()) {
        self.web = web
        self.access = access
    }

    var calls: [ManagementCall] { log.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }

    func make() -> ServerSecurity {
        ServerSecurity(
            web: web,
            access: access,
            now: { self.time.withLock { $0 } },
            wallClock: { 1_700_000_000 },
            onManagementCall: { call in self.log.withLock { $0.append(call) } }
        )
    }
}

/// A GET as a browser or a scraper would send it.
func get(_ path: String, _ fields: [String] = [], method: String = "GET") -> String {
    let lines = ["\(method) \(path) HTTP/1.1", "Host: a", "Connection: close"] + fields
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
}

func basic(_ user: String, _ password: String) -> String {
    "Authorization: Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
}

/// An answer in lines, without those that every answer has.
func essence(_ answer: String) -> [String] {
    let usual = ["Content-Length:", "Date:", "X-Content-Type-Options:", "Connection:", "Content-Type: text/plain"]
    return answer.split(separator: "\r\n", omittingEmptySubsequences: true).map {
        $0.trimmingCharacters(in: .newlines)
    }.filter { line in !usual.contains { line.hasPrefix($0) } }
}
