import NIOCore

/// A request with what its path has led to and the way back for the answer.
struct Exchange: Sendable {
    var request: ServerRequest
    var match: Router.Match
    /// Called once, from anywhere; without effect when the connection is gone.
    var reply: @Sendable (ServerResponse) -> Void
    /// Where the pieces of an answer go that goes on.
    var outlet: Outlet

    /// The connection as the pieces of an answer see it.
    struct Outlet: Sendable {
        /// Succeeds when the piece has left, and fails when the connection is gone.
        var write: @Sendable ([UInt8]) -> EventLoopFuture<Void>
        /// Ends the answer.
        var end: @Sendable () -> Void
        /// Has no element, and ends when no further piece is wanted.
        var wanted: @Sendable () -> AsyncStream<Never>
    }

    /// Answers, and goes on for as long as the answer does and somebody wants it.
    func answer(_ response: ServerResponse) async {
        reply(response)
        guard let pieces = response.pieces else { return }
        let (outlet, wanted) = (outlet, outlet.wanted())
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await piece in pieces where (try? await outlet.write(piece).get()) == nil { return }
            }
            group.addTask { for await _ in wanted {} }
            await group.next()
            group.cancelAll()
        }
        outlet.end()
    }
}
