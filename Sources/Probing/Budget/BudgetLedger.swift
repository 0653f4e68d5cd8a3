package import BenchmarkModel
package import ExporterConfiguration
package import Logging
import Synchronization

/// What each target has cost in tokens, held against its budget.
///
/// It counts for every target, also for those without a budget: a limit that a reload brings counts what was spent before.
/// A budget that becomes spent is logged, and so is one that is there again, as soon as anyone asks.
package final class BudgetLedger: Sendable {
    private struct State {
        var budgets: [String: BudgetDefinition]
        var spending: [String: TokenSpending] = [:]
        /// The targets whose budget was spent when it was last looked at.
        var spent: Set<String> = []
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Double
    private let logger: Logger

    /// A ledger that goes on where the `restored` accounts end, each by the name of the target.
    ///
    /// Of several accounts of one target the greatest amount counts; `now` is in seconds since 1970.
    package init(
        budgets: [String: BudgetDefinition],
        restored: [[String: TokenSpending]],
        now: @escaping @Sendable () -> Double,
        logger: Logger
    ) {
        self.now = now
        self.logger = logger
        let time = now()
        var state = State(budgets: budgets)
        for (target, spending) in restored.joined() {
            state.spending[target, default: TokenSpending(at: time)].merge(spending, at: time)
        }
        self.state = Mutex(state)
    }

    /// Adds accounts that could not be read when this one began, each by the name of the target.
    ///
    /// Of several accounts of one target the greatest amount counts.
    package func addEarlier(_ accounts: [[String: TokenSpending]]) {
        let time = now()
        var earlier: [String: TokenSpending] = [:]
        for (target, spending) in accounts.joined() {
            earlier[target, default: TokenSpending(at: time)].merge(spending, at: time)
        }
        state.withLock { state in
            for (target, spending) in earlier {
                state.spending[target, default: TokenSpending(at: time)].add(spending, at: time)
            }
        }
        for target in earlier.keys.sorted() { _ = remainingTokens(of: target) }
    }

    /// Tokens that `target` may still cost, not negative; `nil` where there is no limit.
    package func remainingTokens(of target: String) -> Int? {
        let time = now()
        let (remaining, isChange, spending) = state.withLock { state in
            let spending = state.spending[target, default: TokenSpending(at: time)].during(time)
            let remaining = state.budgets[target]?.remainingTokens(after: spending)
            let isChange =
                remaining == 0 ? state.spent.insert(target).inserted : state.spent.remove(target) != nil
            return (remaining, isChange, spending)
        }
        if isChange {
            logger.info(
                remaining == 0 ? "token budget spent" : "token budget is there again",
                metadata: [
                    "target": "\(target)", "tokens_of_hour": "\(spending.tokensOfHour)",
                    "tokens_of_day": "\(spending.tokensOfDay)",
                ]
            )
        }
        return remaining
    }

    /// Whether `target` may cost nothing more for now.
    package func isSpent(_ target: String) -> Bool {
        remainingTokens(of: target) == 0
    }

    /// Adds tokens that `target` has cost just now.
    func book(_ tokens: Int, on target: String) {
        let time = now()
        state.withLock { $0.spending[target, default: TokenSpending(at: time)].add(tokens, at: time) }
        _ = remainingTokens(of: target)
    }

    /// What each of `targets` has cost in this hour and on this day.
    package func spending(of targets: Set<String>) -> [String: TokenSpending] {
        let time = now()
        return state.withLock { state in
            let accounts = targets.map { ($0, (state.spending[$0] ?? TokenSpending(at: time)).during(time)) }
            return Dictionary(accounts) { first, _ in first }
        }
    }

    /// What each target has cost in this hour and on this day, as far as it has cost anything since the start or before.
    package var accounts: [String: TokenSpending] {
        let time = now()
        return state.withLock { $0.spending.mapValues { $0.during(time) } }
    }

    /// The requests that may be on their way to `target` at the same time; `nil` where there is no limit.
    func maxInFlight(of target: String) -> Int? {
        state.withLock { $0.budgets[target]?.maxInFlight }
    }

    /// Takes up other limits; what was spent stays.
    func replaceBudgets(_ budgets: [String: BudgetDefinition]) {
        let affected = state.withLock { state in
            state.budgets = budgets
            return state.spent.union(budgets.keys)
        }
        for target in affected.sorted() { _ = remainingTokens(of: target) }
    }
}

extension BudgetDefinition {
    /// The lesser of what is left of the hour and of the day, not negative; `nil` without a limit of tokens.
    func remainingTokens(after spending: TokenSpending) -> Int? {
        let remainders = [
            tokensPerHour.map { $0 - spending.tokensOfHour }, tokensPerDay.map { $0 - spending.tokensOfDay },
        ]
        return remainders.compactMap(\.self).min().map { max(0, $0) }
    }
}
