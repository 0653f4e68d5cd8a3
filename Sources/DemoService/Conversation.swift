/// A conversation in a store with replicas: what was written is read a little later.
struct Conversation: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        let id: String
        let message: StoredMessage
        /// From when on readers see it, since the service began.
        let visibleFrom: Duration

        var weight: Int { id.utf8.count + message.weight }
    }

    /// One MiB; beyond it the oldest messages are dropped.
    static let weightLimit = 1 << 20

    private var entries: ArraySlice<Entry> = []
    /// In bytes.
    private(set) var weight = 0

    mutating func append(_ entry: Entry) {
        entries.append(entry)
        weight += entry.weight
        while weight > Self.weightLimit, entries.count > 1 { weight -= entries.removeFirst().weight }
    }

    func visible(at instant: Duration) -> [Entry] {
        entries.filter { $0.visibleFrom <= instant }
    }
}

/// What is visible of a conversation, as it is read.
struct ConversationView: Encodable {
    struct Message: Encodable {
        var id: String
        var role: String
        var content: String
    }

    var count: Int
    var messages: [Message]

    init(_ entries: some Collection<Conversation.Entry>) {
        count = entries.count
        messages = entries.map { Message(id: $0.id, role: $0.message.role, content: $0.message.content) }
    }
}
