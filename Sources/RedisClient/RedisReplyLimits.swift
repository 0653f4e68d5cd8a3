/// How large a reply may be; one beyond is refused, and nothing is allocated for what it announces.
package struct RedisReplyLimits: Sendable, Hashable {
    /// The bytes of one reply as they come over the connection.
    package var maximumBytes: Int
    /// The elements that all arrays of one reply announce together.
    package var maximumElements: Int
    /// The arrays inside one another, the outermost included; hiredis has no room for more than 8.
    package var maximumDepth: Int

    package init(maximumBytes: Int, maximumElements: Int, maximumDepth: Int) {
        self.maximumBytes = maximumBytes
        self.maximumElements = maximumElements
        self.maximumDepth = maximumDepth
    }

    /// 8 MiB, 100,000 elements, 7 levels: with these a reply costs at most about 17 MiB.
    ///
    /// That is one bulk string of 8 MiB, once in the buffer and once as a value. An element costs at most 100 bytes
    /// beside its content (twice 24 in an array that grows, and a small allocation), so 100,000 of them add 10 MB to
    /// theirs.
    package static let standard = RedisReplyLimits(
        maximumBytes: 8 << 20,
        maximumElements: 100_000,
        maximumDepth: 7
    )

    /// The length of a status or an error, and of the number in front of a bulk string or an array.
    ///
    /// hiredis looks for the end of a line from its start with every packet, so a long line that comes in single bytes
    /// would cost the square of its length: 16 KiB are 0.1 s at most.
    static let maximumLineBytes = 16 << 10
}
