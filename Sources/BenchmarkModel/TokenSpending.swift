/// The tokens that a target has cost in one hour and in one day of UTC.
///
/// Input and output are counted; reasoning and cached tokens are parts of them.
package struct TokenSpending: Hashable, Sendable, Codable {
    /// The number of the hour since 1970.
    package private(set) var hour: Int64
    package private(set) var tokensOfHour = 0
    /// The number of the day since 1970.
    package private(set) var day: Int64
    package private(set) var tokensOfDay = 0

    /// Beyond this nothing is added up, so that nothing can overflow.
    private static let greatest = 1 << 53 - 1

    /// Nothing yet in the hour and the day of `time`, in seconds since 1970.
    package init(at time: Double) {
        // A clock that shows no time at all must not end the process.
        let seconds = (0..<1e11).contains(time) ? Int64(time) : 0
        hour = seconds / 3_600
        day = seconds / 86_400
    }

    /// What of it was spent in the hour and the day of `time`, in seconds since 1970.
    package func during(_ time: Double) -> Self {
        var result = Self(at: time)
        if hour == result.hour { result.tokensOfHour = tokensOfHour }
        if day == result.day { result.tokensOfDay = tokensOfDay }
        return result
    }

    /// Adds `tokens` that were spent at `time`, in seconds since 1970; another hour or day begins at zero.
    package mutating func add(_ tokens: Int, at time: Double) {
        self = during(time)
        let tokens = min(max(0, tokens), Self.greatest)
        tokensOfHour = min(tokensOfHour + tokens, Self.greatest)
        tokensOfDay = min(tokensOfDay + tokens, Self.greatest)
    }

    /// Adds the amount of an account of other spending, as seen at `time`.
    package mutating func add(_ other: Self, at time: Double) {
        let other = other.during(time)
        self = during(time)
        tokensOfHour = min(tokensOfHour + other.tokensOfHour, Self.greatest)
        tokensOfDay = min(tokensOfDay + other.tokensOfDay, Self.greatest)
    }

    /// Takes the greater amount of two accounts of the same spending, as seen at `time`.
    package mutating func merge(_ other: Self, at time: Double) {
        let other = other.during(time)
        self = during(time)
        tokensOfHour = max(tokensOfHour, other.tokensOfHour)
        tokensOfDay = max(tokensOfDay, other.tokensOfDay)
    }

    /// What makes it one that nobody can have written, as a clause; `nil` where nothing does.
    var defect: String? {
        for number in [hour, Int64(tokensOfHour), day, Int64(tokensOfDay)] where !(0..<1 << 53).contains(number) {
            return "a number of the token spending is not in 0..<2^53"
        }
        return nil
    }
}
