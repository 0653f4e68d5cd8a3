/// What people and assistants say in the demo.
enum Phrases {
    private static let all = [
        "Where is my order?", "It left the warehouse this morning.", "Can I change the delivery address?",
        "Yes, until it is with the carrier.", "The invoice shows the old price.", "I have corrected it, thank you.",
        "How do I reset my password?", "With the link that I have just sent to you.",
    ]

    static func pick(by seed: UInt64) -> String {
        var generator = SplitMix64(seed: seed)
        return all[Int(generator.next() % UInt64(all.count))]
    }
}
