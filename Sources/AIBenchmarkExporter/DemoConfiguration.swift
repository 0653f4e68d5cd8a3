/// What the demo measures.
enum DemoConfiguration {
    /// The configuration for the simulated service at `baseURL`: every category as it is by itself, and what else there is to
    /// see; `tokenHash` is the SHA-256 of a token with the role `admin`, in hexadecimal digits.
    static func text(baseURL: String, tokenHash: String) -> String {
        """
        instance: demo
        api:
          tokens: [{ name: demo, role: admin, sha256: "\(tokenHash)" }]
          rate_limit: { requests_per_second: 1000, burst: 1000 }
        defaults: { interval: 5s, start_jitter: 500ms, timeout: 3s, iterations: 5, warmup_iterations: 1 }
        budgets:
          assistant: { tokens_per_hour: 2000000, max_in_flight: 50 }
        targets:
          assistant:
            http: { base_url: "\(baseURL)" }
        benchmarks:
          - { name: model_response, target: assistant, interval: 10s }
          - { name: cached_response, target: assistant, interval: 10s }
          - { name: context_loading, target: assistant }
          - { name: conversation_storage, target: assistant }
          - { name: agent_routing, target: assistant }
          - { name: memory_operations, target: assistant }
          - { name: health_check, target: assistant }
          - { name: concurrent_operations, target: assistant, iterations: 20 }
          # As many users would ask, none of whom waits for another.
          - name: open_loop
            category: concurrent_operations
            target: assistant
            interval: 10s
            iterations: 40
            concurrency: 40
            arrival: { poisson_per_second: 10 }
            probe:
              mix:
                - { benchmark: context_loading, weight: 3 }
                - { benchmark: agent_routing, weight: 1 }
        """
    }
}
