import BenchmarkModel
import ExporterConfiguration
import Logging
import Probing

extension BudgetLedger {
    /// A ledger of a test, where nothing says otherwise at the beginning of 1970 and without budgets.
    static func test(
        _ budgets: [String: BudgetDefinition] = [:],
        restored: [[String: TokenSpending]] = [],
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        now: @escaping @Sendable () -> Double = { 0 }
    ) -> BudgetLedger {
        BudgetLedger(budgets: budgets, restored: restored, now: now, logger: logger)
    }
}
