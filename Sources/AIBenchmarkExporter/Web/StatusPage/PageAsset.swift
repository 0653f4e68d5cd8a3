import Crypto
import ExporterServer

/// A file that the pages load, from this program and from nowhere else.
///
/// Its path has the hash of its content, so it may be kept for ever, and the next version of the program has another one.
struct PageAsset: Sendable {
    let path: String
    private let contentType: String
    private let content: [UInt8]

    static let stylesheet = Self("page", "css", "text/css; charset=utf-8", PackageResources.page_css)
    static let script = Self("page", "js", "text/javascript; charset=utf-8", PackageResources.page_js)
    static let icon = Self("icon", "svg", "image/svg+xml", PackageResources.icon_svg)

    /// Of all of them, in bytes.
    static let weight = [stylesheet, script, icon].reduce(0) { $0 + $1.content.count }

    private init(_ name: String, _ type: String, _ contentType: String, _ content: [UInt8]) {
        let hash = SHA256.hash(data: content).prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }
        path = "/assets/\(name).\(hash.joined()).\(type)"
        self.contentType = contentType
        self.content = content
    }

    /// Answers with the content.
    var route: Route {
        Route(path: path, handler: "asset") { [self] _ in
            ServerResponse(
                status: 200,
                contentType: contentType,
                headers: [("Cache-Control", "public, max-age=31536000, immutable")],
                body: content
            )
        }
    }
}
