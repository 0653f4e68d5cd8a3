import ExporterConfiguration

/// Names one iteration to the service that it asks, as W3C Trace Context has it.
///
/// https://www.w3.org/TR/trace-context/, version 00. It is a value of the task, so that every request of an iteration
/// carries it, whichever probe composes it and however often it asks.
struct TraceContext: Hashable, Sendable {
    /// The name of the header.
    static let header = "traceparent"

    /// That of the iteration in progress.
    @TaskLocal static var current: Self?

    /// 16 random bytes as 32 hexadecimal digits, not all zero.
    let traceID: String
    /// 8 random bytes as 16 hexadecimal digits, not all zero.
    let spanID: String

    /// A context that no other iteration has.
    init() {
        traceID = RandomDigits.make() + RandomDigits.make()
        spanID = RandomDigits.make()
    }

    /// The value of the header; its flag asks the service to record the trace.
    var traceparent: String { "00-\(traceID)-\(spanID)-01" }
}

extension ProbeDefinition {
    /// Whether its requests are named by the exporter: they go over HTTP, and the configuration does not name them itself.
    ///
    /// A mix names those of its members as each of them would.
    var carriesTraceContext: Bool {
        switch self {
        case .http(let definition, let target): !(target.headers + definition.headers).nameTrace
        case .languageModel(let definition, let target): !(target.headers + definition.headers).nameTrace
        case .redis, .tcp, .command, .mix: false
        case .steps(let definition): definition.all.contains { $0.request.carriesTraceContext }
        }
    }
}

extension [HeaderDefinition] {
    fileprivate var nameTrace: Bool {
        contains { $0.name.lowercased() == TraceContext.header }
    }
}
