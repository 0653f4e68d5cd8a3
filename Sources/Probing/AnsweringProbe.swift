import BenchmarkModel
import NIOCore
import NIOHTTP1

/// A probe whose answers others go on with: a step of a sequence.
protocol AnsweringProbe: Probe {
    /// Asks as ``Probe/execute(deadline:)`` does; an outcome without a failure comes with its answer.
    func ask(deadline: NIODeadline) async throws(CancellationError) -> (outcome: IterationOutcome, answer: ProbeAnswer?)
}

/// The parts of an answer that a value can be taken from.
struct ProbeAnswer: Sendable {
    /// Empty where the protocol has none.
    var headers: HTTPHeaders = [:]
    /// UTF-8: a body, what a language model said, a reply; `nil` for a reply that is no text.
    var text: [UInt8]?
    /// What JSON paths look into where that is not `text`: the whole plain answer of a language model.
    var document: [UInt8]?
}
