import BenchmarkModel

extension CategoryProbe {
    /// Over HTTP the paths are those of OpenAI where it has them, and else what REST would call the thing.
    static func http(_ category: BenchmarkCategory) -> String {
        switch category {
        case .modelResponse: modelResponse
        case .cachedResponse: cachedResponse
        case .contextLoading: contextLoading
        case .conversationStorage: conversationStorage
        case .agentRouting: agentRouting
        case .concurrentOperations: "http: { path: /health }"
        case .memoryOperations: memoryOperations
        case .healthCheck: healthCheck
        }
    }

    private static let modelResponse = """
        # Servers of one model accept any name; for others put the name of the model here. A fresh value in front of
        # the prompt keeps caches from answering. An answer is right with at least one token of content and a finish reason.
        steps:
          - measure: stream
            objective: { metric: time_to_first_token }
            chat_completion: { model: default, prompt: "Say OK.", max_tokens: 16 }
            continue_on_failure: true
          - measure: unary
            chat_completion: { model: default, prompt: "Say OK.", max_tokens: 16, stream: false }
        """

    private static let cachedResponse = """
        # The same question twice: the second answer must be the first one again, with the identity of the first. Beside it
        # a question that nobody has asked, so that the ratio of hit and miss is visible.
        steps:
          - name: prime
            chat_completion:
              { model: default, prompt: "{{nonce}} Say OK.", nonce: false, stream: false, temperature: 0, max_tokens: 16 }
            capture: { first: "$.id" }
          - measure: hit
            chat_completion:
              model: default
              prompt: "{{nonce}} Say OK."
              nonce: false
              stream: false
              temperature: 0
              max_tokens: 16
              expect: { json: { "$.id": "{{first}}" } }
            continue_on_failure: true
          - measure: miss
            objective: { target: 300ms }
            chat_completion:
              { model: default, prompt: "{{uuid}} Say OK.", nonce: false, stream: false, temperature: 0, max_tokens: 16 }
        """

    private static let contextLoading = """
        # A session of three messages is stored, and all of it must come back, in order.
        steps:
          - name: seed
            http:
              method: PUT
              path: "/v1/sessions/aibench-{{uuid}}/context"
              headers: { Content-Type: application/json }
              body: |-
                {"messages": [{"role": "user", "content": "first {{nonce}}"},
                              {"role": "assistant", "content": "second {{nonce}}"},
                              {"role": "user", "content": "third {{nonce}}"}]}
          - measure: load
            http:
              path: "/v1/sessions/aibench-{{uuid}}/context"
              expect:
                status: [200]
                json:
                  "$.messages[0].content": "first {{nonce}}"
                  "$.messages[1].content": "second {{nonce}}"
                  "$.messages[2].content": "third {{nonce}}"
        finally:
          - http: { method: DELETE, path: "/v1/sessions/aibench-{{uuid}}/context" }
        """

    private static let conversationStorage = """
        # A message is appended and read back until it is visible.
        steps:
          - name: open
            http:
              method: POST
              path: /v1/conversations
              headers: { Content-Type: application/json }
              body: '{"metadata": {"created_by": "{{prefix}}"}}'
            capture: { conversation: "$.id" }
          - measure: append
            http:
              method: POST
              path: "/v1/conversations/{{conversation}}/messages"
              headers: { Content-Type: application/json }
              body: '{"role": "user", "content": "{{nonce}}"}'
          - measure: read
            http:
              path: "/v1/conversations/{{conversation}}/messages"
              expect: { status: [200], body_contains: "{{nonce}}" }
            repeat_until: { deadline: 2s, pause: 5ms }
        finally:
          - http: { method: DELETE, path: "/v1/conversations/{{conversation}}" }
        """

    private static let agentRouting = """
        # Intents with the agent that should be chosen; each iteration posts the next one. run_validation_ratio is the accuracy.
        cases:
          - { intent: "I was charged twice on my invoice", agent: billing }
          - { intent: "Where is my order, and when will it be delivered?", agent: orders }
          - { intent: "The app crashes after I log in", agent: support }
          - { intent: "What are your opening hours?", agent: general }
        steps:
          - measure: route
            http:
              method: POST
              path: /v1/route
              headers: { Content-Type: application/json }
              body: '{"intent": "{{intent}}"}'
              expect: { status: [200], json: { "$.agent": "{{agent}}" } }
        """

    private static let memoryOperations = """
        # A memory is created, searched for until it is found, updated, verified, deleted, and gone.
        steps:
          - measure: create
            http:
              method: POST
              path: /v1/memories
              headers: { Content-Type: application/json }
              body: '{"content": "aibench {{nonce}}"}'
            capture: { memory: "$.id" }
          - measure: search
            http: { path: "/v1/memories?query={{nonce}}", expect: { status: [200], body_contains: "{{memory}}" } }
            repeat_until: { deadline: 2s, pause: 5ms }
          - measure: update
            http:
              method: PUT
              path: "/v1/memories/{{memory}}"
              headers: { Content-Type: application/json }
              body: '{"content": "aibench {{uuid}}"}'
          - measure: verify
            http: { path: "/v1/memories/{{memory}}", expect: { json: { "$.content": "aibench {{uuid}}" } } }
            repeat_until: { deadline: 2s, pause: 5ms }
          - measure: delete
            http: { method: DELETE, path: "/v1/memories/{{memory}}" }
          - measure: gone
            http: { path: "/v1/memories/{{memory}}", expect: { status: [404, 410] } }
            repeat_until: { deadline: 2s, pause: 5ms }
        finally:
          - http: { method: DELETE, path: "/v1/memories/{{memory}}" }
        """

    private static let healthCheck = """
        # Alive and ready, on a connection that is open, and once more on a fresh one.
        steps:
          - measure: live
            http: { path: /health }
            continue_on_failure: true
          - measure: ready
            http: { path: /ready }
            continue_on_failure: true
          - measure: cold
            http: { path: /health, connection: cold }
        """
}
