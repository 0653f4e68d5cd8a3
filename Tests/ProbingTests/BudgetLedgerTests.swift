import BenchmarkModel
import ExporterConfiguration
import ExporterTestSupport
import Logging
import Testing

@testable import Probing

@Suite("Budget ledger") struct BudgetLedgerTests {
    private let clock = ManualClock()
    private let log = LogLines()

    @Test("what is left is the lesser remainder of the hour and of the day, and never negative")
    func remainder() {
        let ledger = ledger(BudgetDefinition(tokensPerHour: 100, tokensPerDay: 150))
        #expect(ledger.remainingTokens(of: "assistant") == 100)
        ledger.book(80, on: "assistant")
        #expect(ledger.remainingTokens(of: "assistant") == 20)
        clock.advance(by: .seconds(3600))
        #expect(ledger.remainingTokens(of: "assistant") == 70)
        #expect(!ledger.isSpent("assistant"))
        ledger.book(500, on: "assistant")
        #expect(ledger.remainingTokens(of: "assistant") == 0)
        #expect(ledger.isSpent("assistant"))
        clock.advance(by: .seconds(3600))
        #expect(ledger.isSpent("assistant"))
        clock.advance(by: .seconds(22 * 3600))
        #expect(ledger.remainingTokens(of: "assistant") == 100)
    }

    @Test("a target without a budget of tokens has no remainder and is never spent")
    func unlimited() {
        let ledger = ledger(BudgetDefinition(maxInFlight: 1))
        for target in ["assistant", "other"] {
            ledger.book(1 << 40, on: target)
            #expect(ledger.remainingTokens(of: target) == nil)
            #expect(!ledger.isSpent(target))
        }
    }

    @Test("a budget that becomes spent is one line of the log, and so is one that is there again")
    func logged() {
        let ledger = ledger(BudgetDefinition(tokensPerHour: 10))
        ledger.book(9, on: "assistant")
        #expect(log.lines == [])
        for _ in 0..<3 { ledger.book(1, on: "assistant") }
        #expect(log.lines == ["info: token budget spent"])
        clock.advance(by: .seconds(3600))
        for _ in 0..<3 { #expect(!ledger.isSpent("assistant")) }
        #expect(log.lines == ["info: token budget spent", "info: token budget is there again"])
    }

    @Test("other limits hold at once, and what was spent stays, also what was spent without a limit")
    func reload() {
        let ledger = ledger(nil)
        ledger.book(50, on: "assistant")
        ledger.replaceBudgets(["assistant": BudgetDefinition(tokensPerDay: 50)])
        #expect(log.lines == ["info: token budget spent"])
        ledger.replaceBudgets(["assistant": BudgetDefinition(tokensPerDay: 80)])
        #expect(ledger.remainingTokens(of: "assistant") == 30)
        ledger.replaceBudgets([:])
        #expect(ledger.remainingTokens(of: "assistant") == nil)
        ledger.replaceBudgets(["assistant": BudgetDefinition(tokensPerDay: 60)])
        #expect(ledger.remainingTokens(of: "assistant") == 10)
        #expect(log.lines == ["info: token budget spent", "info: token budget is there again"])
    }

    @Test("of all accounts that were restored the greatest of each window counts, and those of another time do not")
    func restored() {
        var yesterday = TokenSpending(at: 0)
        yesterday.add(70, at: 0)
        clock.advance(by: .seconds(86_400))
        var first = TokenSpending(at: 86_400)
        first.add(30, at: 86_400)
        var second = first
        second.add(5, at: 86_400)
        let ledger = ledger(
            BudgetDefinition(tokensPerDay: 100),
            restored: [["assistant": yesterday, "gone": first], ["assistant": second], [:], ["assistant": first]]
        )
        #expect(ledger.remainingTokens(of: "assistant") == 65)
        #expect(ledger.spending(of: ["assistant", "new"]) == ["assistant": second, "new": TokenSpending(at: 86_400)])
    }

    @Test("accounts that could be read only later are added to what was spent meanwhile, each once")
    func earlier() {
        let ledger = ledger(BudgetDefinition(tokensPerDay: 100))
        ledger.book(20, on: "assistant")
        var account = TokenSpending(at: 0)
        account.add(30, at: 0)
        var greater = account
        greater.add(5, at: 0)
        ledger.addEarlier([["assistant": account, "gone": account], [:], ["assistant": greater]])
        #expect(ledger.remainingTokens(of: "assistant") == 45)
        ledger.addEarlier([["assistant": greater], ["assistant": greater]])
        #expect(ledger.remainingTokens(of: "assistant") == 10)
        clock.advance(by: .seconds(86_400))
        ledger.addEarlier([["assistant": greater]])
        #expect(ledger.remainingTokens(of: "assistant") == 100)
    }

    private func ledger(_ budget: BudgetDefinition?, restored: [[String: TokenSpending]] = []) -> BudgetLedger {
        let (clock, log) = (clock, log)
        return .test(
            budget.map { ["assistant": $0] } ?? [:],
            restored: restored,
            logger: Logger(label: "test") { _ in log },
            now: { clock.now.offset.seconds }
        )
    }
}
