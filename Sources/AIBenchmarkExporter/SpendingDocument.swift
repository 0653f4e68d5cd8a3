import BenchmarkModel
import Foundation

/// What targets have cost, as a document of a store: also what was spent on runs that are not recorded.
struct SpendingDocument: Codable {
    static let name = "spending"
    private static let formatVersion = 1

    private var version = formatVersion
    /// By the name of the target.
    private(set) var accounts: [String: TokenSpending]

    init(_ accounts: [String: TokenSpending]) {
        self.accounts = accounts
    }

    /// Reads what was stored; throws why it is none, as a store may hand out anything.
    init(document: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(document))
        guard version == Self.formatVersion else { throw RefusedDocument(reason: "its format is version \(version)") }
        for (target, account) in accounts {
            for number in [account.hour, Int64(account.tokensOfHour), account.day, Int64(account.tokensOfDay)]
            where !(0..<1 << 53).contains(number) {
                throw RefusedDocument(reason: "a number of the spending of \(target) is not in 0..<2^53")
            }
        }
    }

    /// As a document of a store.
    var document: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }
}
