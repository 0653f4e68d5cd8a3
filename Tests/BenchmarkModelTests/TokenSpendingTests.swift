import BenchmarkModel
import Foundation
import Testing

@Suite("Token spending") struct TokenSpendingTests {
    /// 2026-11-24 23:59:59 in UTC.
    private static let lateInTheDay = 1_795_564_799.0

    @Test(
        "an hour and a day of UTC begin at zero",
        arguments: [
            (0.0, 30, 30), (0.9, 30, 30), (1, 20, 20), (86_401, 20, 20), (-1, 30, 30), (-3_600, 20, 30),
        ]
    )
    func windows(later: Double, hour: Int, day: Int) {
        var spending = TokenSpending(at: Self.lateInTheDay)
        spending.add(10, at: Self.lateInTheDay)
        spending.add(20, at: Self.lateInTheDay + later)
        #expect(spending.tokensOfHour == hour)
        #expect(spending.tokensOfDay == day)
    }

    @Test("what was spent in another hour or on another day is no part of this one")
    func during() {
        var spending = TokenSpending(at: 7_199)
        spending.add(10, at: 7_199)
        #expect(spending.during(7_199.9).tokensOfHour == 10)
        #expect(spending.during(7_200).tokensOfHour == 0)
        #expect(spending.during(7_200).tokensOfDay == 10)
        #expect(spending.during(86_400) == TokenSpending(at: 86_400))
        #expect(spending.during(0).tokensOfHour == 0)
    }

    @Test("of two accounts the greater amount of each window counts, and one of another time counts for nothing")
    func merge() {
        var first = TokenSpending(at: 3_600)
        first.add(10, at: 0)
        first.add(5, at: 3_600)
        var second = TokenSpending(at: 3_600)
        second.add(12, at: 3_600)
        var future = TokenSpending(at: 1e10)
        future.add(1_000_000, at: 1e10)
        for account in [second, future] { first.merge(account, at: 3_700) }
        #expect(first.tokensOfHour == 12)
        #expect(first.tokensOfDay == 15)
    }

    @Test("no amount and no time can overflow")
    func limits() {
        var spending = TokenSpending(at: .nan)
        #expect(spending == TokenSpending(at: 0))
        for _ in 0..<3 { spending.add(.max, at: -1) }
        spending.add(.min, at: .infinity)
        #expect(spending.tokensOfHour == 1 << 53 - 1)
        #expect(spending.tokensOfDay == 1 << 53 - 1)
    }

    @Test("it reads back as it was")
    func roundTrip() throws {
        var spending = TokenSpending(at: Self.lateInTheDay)
        spending.add(10, at: Self.lateInTheDay)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let stored = try encoder.encode(spending)
        #expect(
            String(decoding: stored, as: UTF8.self)
                == #"{"day":20781,"hour":498767,"tokensOfDay":10,"tokensOfHour":10}"#
        )
        #expect(try JSONDecoder().decode(TokenSpending.self, from: stored) == spending)
    }
}
