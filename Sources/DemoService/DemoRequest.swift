import Foundation
import NIOHTTP1

struct DemoRequest: Sendable {
    var method: HTTPMethod
    /// Without the query.
    var path: String
    /// What stands after the question mark, as it was sent.
    var query = ""
    var body: [UInt8] = []
    /// When it was complete, since the service began.
    var arrival = Duration.zero
}

extension DemoRequest {
    func decode<Body: Decodable>(_ type: Body.Type) throws(DemoError) -> Body {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw DemoError(code: .body, subject: "\(method.rawValue) \(path)", underlyingError: error)
        }
    }

    /// The value of `query` in the query, decoded; empty where there is none.
    func searchedText() throws(DemoError) -> String {
        for field in query.split(separator: "&") where field.hasPrefix("query=") {
            guard let text = field.dropFirst("query=".count).removingPercentEncoding else {
                throw DemoError(
                    code: .query,
                    subject: "\(method.rawValue) \(path)",
                    underlyingError: UndecodableQuery()
                )
            }
            return text
        }
        return ""
    }
}

private struct UndecodableQuery: Error, CustomStringConvertible {
    let description = "'query' is not percent-encoded UTF-8"
}
