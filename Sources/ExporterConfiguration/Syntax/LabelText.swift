extension String {
    /// Why the text can be no value of a label; `nil` where it can.
    ///
    /// A value has 1 to 128 bytes of UTF-8 and no control character: it stands in every line of the metrics.
    func labelProblem(_ expected: String) -> ValueProblem? {
        guard isEmpty || utf8.count > 128 || hasControlCharacter else { return nil }
        return ValueProblem(
            found: quotedForMessage,
            expected: "\(expected), 1 to 128 bytes without control characters"
        )
    }
}
