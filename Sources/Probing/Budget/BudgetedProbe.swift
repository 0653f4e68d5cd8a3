import BenchmarkModel
import ExporterConfiguration
import NIOCore

/// A probe of one request that keeps to the budget of its target.
///
/// It asks only with a permit and, where an answer costs tokens, only while there are some; what the answer has cost it
/// books at once. Answers that were on their way when the budget became spent may go beyond it. What prepares a run and
/// cleans up after it is not held up.
struct BudgetedProbe<Base: Probe>: Probe {
    private let probe: Base
    private let target: String
    private let costsTokens: Bool
    private let ledger: BudgetLedger
    private let inFlight: InFlightLimit

    /// `probe`, which asks the target of this name, whose permits `inFlight` has.
    init(_ probe: Base, target: String, costsTokens: Bool, ledger: BudgetLedger, inFlight: InFlightLimit) {
        self.probe = probe
        self.target = target
        self.costsTokens = costsTokens
        self.ledger = ledger
        self.inFlight = inFlight
    }

    /// Waits for a permit, which is no part of the duration, and asks.
    ///
    /// Without one before the deadline the iteration fails, as it was never issued. With the budget of tokens spent it is as
    /// if it had been cancelled.
    func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        try await held(before: deadline) { () async throws(CancellationError) -> (IterationOutcome, Void?) in
            (try await probe.execute(deadline: deadline), nil)
        }.0
    }

    private func held<Answer>(
        before deadline: NIODeadline,
        _ ask: () async throws(CancellationError) -> (IterationOutcome, Answer?)
    ) async throws(CancellationError) -> (IterationOutcome, Answer?) {
        try checkBudget()
        let askedAt = NIODeadline.now()
        guard try await inFlight.acquire(before: deadline) else {
            let failure = notIssued(since: askedAt)
            return (IterationOutcome(duration: .zero, failure: failure, endedAt: NIODeadline.now().uptime), nil)
        }
        defer { inFlight.release() }
        let waited = NIODeadline.now() - askedAt
        try checkBudget()
        var (outcome, answer) = try await ask()
        if costsTokens, let cost = outcome.languageModel?.cost { ledger.book(cost, on: target) }
        // Not all of the time until the deadline was the target's.
        if outcome.failure?.reason == .timeout, waited >= .milliseconds(1) {
            outcome.failure?.detail +=
                ", after \(waited.seconds) s of waiting for a permit of \(target) (max_in_flight)"
        }
        return (outcome, answer)
    }

    func prepare(deadline: NIODeadline) async throws(CancellationError) -> IterationFailure? {
        try await probe.prepare(deadline: deadline)
    }

    func cleanUp(deadline: NIODeadline) async {
        await probe.cleanUp(deadline: deadline)
    }

    private func checkBudget() throws(CancellationError) {
        if costsTokens, ledger.isSpent(target) { throw CancellationError() }
    }

    private func notIssued(since askedAt: NIODeadline) -> IterationFailure {
        let limit = inFlight.limit.map { "all \($0)" } ?? "all"
        let waited = (NIODeadline.now() - askedAt).seconds
        return IterationFailure(
            .notIssued,
            "wait for a permit of \(target): \(limit) of max_in_flight were out for \(waited) s, until the deadline"
        )
    }
}

extension BudgetedProbe: AnsweringProbe where Base: AnsweringProbe {
    func ask(deadline: NIODeadline) async throws(CancellationError) -> (outcome: IterationOutcome, answer: ProbeAnswer?)
    {
        try await held(before: deadline) { () async throws(CancellationError) -> (IterationOutcome, ProbeAnswer?) in
            try await probe.ask(deadline: deadline)
        }
    }
}

extension LanguageModelMeasurement {
    /// The tokens that are counted against a budget: reasoning and cached ones are parts of the others.
    fileprivate var cost: Int {
        tokens.reduce(0) { sum, tokens in
            switch tokens.kind {
            case .input, .output: min(sum, .max - max(0, tokens.count)) + max(0, tokens.count)
            case .reasoning, .cached: sum
            }
        }
    }
}

extension TimeAmount {
    /// To the millisecond, for people.
    fileprivate var seconds: Double {
        Double(nanoseconds / 1_000_000) / 1_000
    }
}
