import NIOHTTP1

struct Memory: Equatable, Sendable {
    var content: String
    /// From when on a search finds it, since the service began: a store has to index it first.
    var foundFrom: Duration
}

/// A memory as it is read.
struct MemoryView: Encodable {
    var id: String
    var content: String
}

/// The memories that a search has found, as they are read.
struct MemoryList: Encodable {
    var count: Int
    var memories: [MemoryView]

    init(_ memories: [MemoryView]) {
        count = memories.count
        self.memories = memories
    }
}

/// What a client wants to be remembered.
struct MemoryContent: Decodable {
    var content: String
}

extension Orchestrator {
    /// Those that contain the text, all where it is empty.
    func memories(containing text: String, at instant: Duration) -> [MemoryView] {
        memories.items
            .filter { $0.item.foundFrom <= instant }
            .filter { text.isEmpty || $0.item.content.utf8.contains(text.utf8) }
            .map { MemoryView(id: $0.key, content: $0.item.content) }
    }

    mutating func useMemories(_ request: DemoRequest) throws -> DemoAnswer {
        let delay = latencies.draw(.storage)
        guard request.method == .POST else {
            let found = memories(containing: try request.searchedText(), at: request.arrival)
            return try .json(MemoryList(found), after: delay)
        }
        let content = try request.decode(MemoryContent.self).content
        let foundFrom = request.arrival + delay + latencies.draw(.visibility)
        let id = nextIdentifier()
        keep(Memory(content: content, foundFrom: foundFrom), id)
        return try .json(MemoryView(id: id, content: content), status: .created, after: delay)
    }

    /// One memory is read from where it was written, so there is no lag.
    mutating func useMemory(_ request: DemoRequest, _ id: String) throws -> DemoAnswer {
        guard var memory = memories[id] else { return unknown("memory") }
        switch request.method {
        case .DELETE:
            memories.remove(id)
            return .empty(.noContent, after: latencies.draw(.storage))
        case .PUT:
            memory.content = try request.decode(MemoryContent.self).content
            keep(memory, id)
        case _: break
        }
        return try .json(MemoryView(id: id, content: memory.content), after: latencies.draw(.storage))
    }

    private mutating func keep(_ memory: Memory, _ id: String) {
        memories.put(memory, under: id, weight: id.utf8.count + memory.content.utf8.count + 64)
    }
}
