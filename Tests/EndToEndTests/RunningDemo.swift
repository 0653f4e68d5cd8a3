import DemoService
import Foundation
import Logging
import NIOPosix
import Testing

/// A simulated service that runs for as long as a test does something beside it.
enum RunningDemo {
    static func with<Value: Sendable>(
        seed: UInt64 = 3,
        _ body: (_ service: DemoService, _ port: Int) async throws -> Value
    ) async throws -> Value {
        let service = try await DemoService.bind(
            seed: seed,
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            return try await body(service, try #require(URL(string: service.baseURL)?.port))
        }
    }

    /// One benchmark of the service at `port` that has a baseline within seconds.
    static func learning(port: Int, store: String = "sqlite:state.db") -> String {
        """
        instance: test
        store: { url: "\(store)" }
        targets: { assistant: { http: { base_url: "http://127.0.0.1:\(port)" } } }
        benchmarks:
          - name: health_check
            target: assistant
            operation: get
            interval: 200ms
            start_jitter: 0s
            timeout: 190ms
            iterations: 10
            warmup_iterations: 0
            objective: { target: 10s }
            probe: { http: { path: /health } }

        """
    }
}
