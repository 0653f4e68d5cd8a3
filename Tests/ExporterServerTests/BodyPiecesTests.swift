import ExporterTestSupport
import Foundation
import NIOCore
import Testing

@testable import ExporterServer

@Suite("the body of an answer", .timeLimit(.minutes(1))) struct BodyPiecesTests {
    @Test(
        "is cut at 64 KiB, the shared part first, and nothing is lost or empty",
        arguments: [
            (0, 0, []), (1, 0, [1]), (0, 1, [1]), (65_536, 1, [65_536, 1]), (65_537, 65_536, [65_536, 1, 65_536]),
        ]
    )
    func pieces(shared: Int, own: Int, sizes: [Int]) {
        var response = ServerResponse(status: 200, contentType: "text/plain", body: Array(repeating: 2, count: own))
        response.sharedBody = Array(repeating: 1, count: shared)
        var pieces = BodyPieces(response)
        var found: [[UInt8]] = []
        while let piece = pieces.next() { found.append(Array(piece.readableBytesView)) }
        #expect(found.map(\.count) == sizes)
        #expect(found.flatMap(\.self) == response.sharedBody + response.body)
        #expect(pieces.isEmpty)
    }

    @Test("arrives whole over a real connection, with its length")
    func whole() async throws {
        let route = Route(path: "/large", handler: "large") { _ in
            var response = ServerResponse(status: 200, contentType: "text/plain", body: Array("end".utf8))
            response.sharedBody = (0..<1_000_000).map { UInt8(ascii: "a") + UInt8($0 % 26) }
            return response
        }
        try await RunningServer.run(routes: [route]) { server in
            let request = "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let answer = try await RawConnection.exchange(request, with: server.address)
            let body = try #require(answer.components(separatedBy: "\r\n\r\n").last)
            #expect(answer.contains("Content-Length: 1000003\r\n"))
            #expect(body.utf8.count == 1_000_003)
            #expect(body.hasPrefix("abc") && body.hasSuffix("end"))
        }
    }
}
