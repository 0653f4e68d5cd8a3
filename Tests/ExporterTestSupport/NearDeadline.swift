package import NIOCore

/// Has `body` end after a short time, and returns what came of it.
///
/// What is to be interrupted must have begun by then, and a busy machine may not get that far. Then, and only then, `body`
/// is called again with four times as much.
package func withNearDeadline<Result>(
    from time: TimeAmount = .seconds(1),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (TimeAmount) async throws -> Result,
    hasBegun: (Result) -> Bool
) async rethrows -> Result {
    var time = time
    while true {
        let result = try await body(time)
        if hasBegun(result) || time >= .seconds(16) { return result }
        time = time * 4
    }
}
