/// Names that nobody else has.
enum RandomDigits {
    /// 8 random bytes as 16 hexadecimal digits, not all zero.
    static func make() -> String {
        let digits = String(UInt64.random(in: 1...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
