import BenchmarkModel

extension CategoryProbe {
    /// What a category asks of Redis; `nil` where it asks nothing of it.
    ///
    /// Where a value is made that later steps use, its expiry is set by the same command: nothing is left behind for longer
    /// than a minute, also when the exporter is killed between two commands. No later command makes the key anew, as one that
    /// Redis comes to after the deletion would leave it without an expiry.
    static func redis(_ category: BenchmarkCategory) -> String? {
        switch category {
        case .modelResponse, .agentRouting: nil
        case .cachedResponse: cachedResponse
        case .contextLoading: contextLoading
        case .conversationStorage: conversationStorage
        case .concurrentOperations, .healthCheck: "redis: { command: [PING], expect: { value: PONG } }"
        case .memoryOperations: memoryOperations
        }
    }

    private static let cachedResponse = """
        # A value that is there must come back, and one that nobody has stored must not.
        steps:
          - name: prime
            redis: { command: [SET, "{{prefix}}answer:{{uuid}}", "{{nonce}}", EX, "60"], expect: { value: OK } }
          - measure: hit
            redis: { command: [GET, "{{prefix}}answer:{{uuid}}"], expect: { value: "{{nonce}}" } }
            continue_on_failure: true
          - measure: miss
            redis: { command: [GET, "{{prefix}}missing:{{uuid}}"], expect: { value: null } }
        finally:
          - redis: { command: [DEL, "{{prefix}}answer:{{uuid}}"] }
        """

    private static let contextLoading = """
        # A session of three messages is stored, and all of it must come back.
        steps:
          - name: seed
            redis:
              command:
                - EVAL
                - "redis.call('RPUSH', KEYS[1], unpack(ARGV, 2)) return redis.call('EXPIRE', KEYS[1], ARGV[1])"
                - "1"
                - "{{prefix}}context:{{uuid}}"
                - "60"
                - "first {{nonce}}"
                - "second {{nonce}}"
                - "third {{nonce}}"
              expect: { value: "1" }
          - measure: lrange
            redis: { command: [LRANGE, "{{prefix}}context:{{uuid}}", "0", "-1"], expect: { elements: 3 } }
        finally:
          - redis: { command: [DEL, "{{prefix}}context:{{uuid}}"] }
        """

    private static let conversationStorage = """
        # A message is appended and read back until it is visible.
        steps:
          - name: open
            redis:
              command:
                - EVAL
                - "redis.call('RPUSH', KEYS[1], ARGV[2]) return redis.call('EXPIRE', KEYS[1], ARGV[1])"
                - "1"
                - "{{prefix}}conversation:{{uuid}}"
                - "60"
                - "hello"
              expect: { value: "1" }
          - measure: append
            redis: { command: [RPUSHX, "{{prefix}}conversation:{{uuid}}", "{{nonce}}"], expect: { value: "2" } }
          - measure: read
            redis: { command: [LINDEX, "{{prefix}}conversation:{{uuid}}", "-1"], expect: { value: "{{nonce}}" } }
            repeat_until: { deadline: 2s, pause: 5ms }
        finally:
          - redis: { command: [DEL, "{{prefix}}conversation:{{uuid}}"] }
        """

    private static let memoryOperations = """
        # A memory is created, read until it is found, updated, verified, deleted, and gone.
        steps:
          - measure: create
            redis: { command: [SET, "{{prefix}}memory:{{uuid}}", "{{nonce}}", EX, "60", NX], expect: { value: OK } }
          - measure: search
            redis: { command: [GET, "{{prefix}}memory:{{uuid}}"], expect: { value: "{{nonce}}" } }
            repeat_until: { deadline: 2s, pause: 5ms }
          - measure: update
            redis: { command: [SET, "{{prefix}}memory:{{uuid}}", "{{uuid}}", EX, "60", XX], expect: { value: OK } }
          - measure: verify
            redis: { command: [GET, "{{prefix}}memory:{{uuid}}"], expect: { value: "{{uuid}}" } }
            repeat_until: { deadline: 2s, pause: 5ms }
          - measure: delete
            redis: { command: [DEL, "{{prefix}}memory:{{uuid}}"], expect: { value: "1" } }
          - measure: gone
            redis: { command: [EXISTS, "{{prefix}}memory:{{uuid}}"], expect: { value: "0" } }
            repeat_until: { deadline: 2s, pause: 5ms }
        finally:
          - redis: { command: [DEL, "{{prefix}}memory:{{uuid}}"] }
        """
}
