/// The eight questions that users ask of an AI service; the raw value is the name in a configuration and in labels.
package enum BenchmarkCategory: String, Hashable, Sendable, Codable, CaseIterable {
    case modelResponse = "model_response"
    case cachedResponse = "cached_response"
    case contextLoading = "context_loading"
    case conversationStorage = "conversation_storage"
    case agentRouting = "agent_routing"
    case concurrentOperations = "concurrent_operations"
    case memoryOperations = "memory_operations"
    case healthCheck = "health_check"

    /// The target latency of the category where the configuration names none; `nil` stands for the general default.
    package var ownTarget: Duration? {
        switch self {
        case .cachedResponse: .milliseconds(50)
        case .healthCheck: .milliseconds(100)
        case .modelResponse, .contextLoading, .conversationStorage, .agentRouting, .concurrentOperations,
            .memoryOperations:
            nil
        }
    }

    /// The number of workers where the configuration names none.
    package var ownConcurrency: Int? {
        self == .concurrentOperations ? 5 : nil
    }
}
