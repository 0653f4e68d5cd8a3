/// What the demo measures.
enum DemoConfiguration {
    /// The configuration for the simulated service at `baseURL`.
    static func text(baseURL: String) -> String {
        """
        instance: demo
        defaults: { interval: 5s, start_jitter: 500ms, timeout: 2s, iterations: 5, warmup_iterations: 1 }
        targets:
          assistant:
            http: { base_url: "\(baseURL)" }
        benchmarks:
          - name: model_response
            target: assistant
            interval: 10s
            objective: { metric: time_to_first_token, target: 300ms }
            probe:
              chat_completion: { model: demo-model, prompt: "Say OK.", max_tokens: 16 }
          - name: cached_response
            target: assistant
            operation: hit
            probe:
              http:
                method: POST
                path: /v1/answers
                headers: { Content-Type: application/json }
                body: '{"question": "What is the answer?"}'
                expect: { headers: { X-Cache: hit } }
          - name: context_loading
            target: assistant
            probe:
              http: { path: /v1/sessions/demo/context }
          - name: agent_routing
            target: assistant
            probe:
              http:
                method: POST
                path: /v1/route
                headers: { Content-Type: application/json }
                body: '{"intent": "I was charged twice on my invoice"}'
                expect: { json: { "$.agent": billing } }
          - name: concurrent_operations
            target: assistant
            iterations: 20
            concurrency: 5
            probe:
              http: { path: /health }
          - name: health_check
            target: assistant
            probe:
              http: { path: /health, expect: { status: [200], json: { "$.status": ok } } }
          - name: health_check_cold
            category: health_check
            target: assistant
            probe:
              http: { path: /health, connection: cold }
        """
    }
}
