/// The configuration file that `init` prints.
package enum ConfigurationTemplate {
    /// A complete example with comments.
    ///
    /// It loads without problems and without warnings, also when every line that begins with `#` and a key (without a
    /// space between them) is put in force.
    package static let commented = """
        # ai-benchmark-exporter: what to ask of an AI service, how often, and what it should answer.
        #
        # 'ai-benchmark-exporter check' reads this file and names every problem with line and column. Durations are written
        # as in Prometheus: 500ms, 30s, 5m, 1h30m, 30d. In values ${NAME}, ${NAME:-default} and ${file:PATH} are replaced, and
        # $${ stands for ${ itself. Settings that are commented out show their default or an example.

        # The identity of this exporter in the store; the host name without it. Set it when Redis is the store: the host
        # name of a pod changes, and with it the continuity of the counters.
        #instance: assistant-0

        # Where counters, histograms and history survive a restart: sqlite:PATH, redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE],
        # rediss://… (the same over TLS) or none.
        store:
          url: "sqlite:ai-benchmark-exporter.db"
          # The age at which runs leave the history.
          #result_retention: 30d
          # How long a finished run waits for the store before it is published all the same.
          #commit_timeout: 500ms

        # What a benchmark has that says nothing else.
        defaults:
          # From start to start, at a fixed rate.
          interval: 5m
          # The first start falls within this and a tenth of the interval, whichever is less.
          #start_jitter: 5s
          # Of one iteration; less than the interval.
          #timeout: 10s
          # Measured iterations of a run, and those before them that are not measured.
          #iterations: 10
          #warmup_iterations: 3
          # Workers that start together.
          #concurrency: 1
          # What a run does that finds the last one still going: skip or queue.
          #overlap: skip
          # Baselines of their own for so many parts of the day (UTC), where latency follows the time of day.
          #baseline_parts_per_day: 1
          #objective:
            # duration or time_to_first_token
            #metric: duration
            # mean, p50, p95 or p99
            #statistic: p95
            # Without it 300ms, or the milliseconds of AI_RESPONSE_TARGET_LATENCY; 50ms for the category cached_response and
            # 100ms for health_check.
            #target: 300ms
            # The share of failed iterations that still passes.
            #error_ratio: 0.01

        # Who may use the management API under /ai/performance; without tokens nobody. 'ai-benchmark-exporter token' makes one.
        #api:
          # As that command prints them; the role is read or admin.
          #   tokens:
          #     - { name: ci, role: admin, sha256: "…" }
          # Of one client and one role.
          #rate_limit: { requests_per_second: 10, burst: 20 }
          # Proxies that say in X-Forwarded-For who the client is.
          #trusted_proxies: [127.0.0.1, "10.0.0.0/8"]

        # Who is asked, by a name that becomes the label 'target'.
        targets:
          assistant:
            http:
              base_url: "http://127.0.0.1:8000"
              # Sent with every request.
              headers:
                Authorization: "Bearer ${ASSISTANT_TOKEN:-none}"
              # With https, ca_file names a PEM file with the authorities to trust, server_name the name that the
              # certificate must have, and cert_file and key_file a certificate to show. 'socket: /run/app.sock' connects
              # to a Unix-domain socket.
          cache:
            redis:
              # redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]; with rediss://, the keys of TLS as above;
              # or unix://[USER:PASSWORD@]/SOCKET[?db=DATABASE].
              url: "redis://127.0.0.1:6379/0"

        # What is asked. The name becomes the label 'benchmark'. It may be a category, or 'category' names one of them:
        # model_response, cached_response, context_loading, conversation_storage, agent_routing, concurrent_operations,
        # memory_operations, health_check. Without 'probe' a benchmark asks what 'init --category NAME' prints.
        benchmarks:
          # A language model in the dialect of OpenAI. With the same keys: messages, in that of Anthropic, where max_tokens is
          # required; responses; completions, which has no system. And embeddings has input in place of prompt and its
          # options, and 'expect: { dimensions: 384 }'.
          - name: model_response
            target: assistant
            # The label 'operation'; without it stream or unary, the method of a request, or the name of a command.
            #operation: stream
            objective:
              metric: time_to_first_token
              target: 300ms
            probe:
              chat_completion:
                #path: /v1/chat/completions
                model: smollm2
                #system: "You answer in one word."
                prompt: "Say OK."
                max_tokens: 16
                #temperature: 0
                #stream: true
                # Puts a fresh value in front of the prompt, so that no cache can answer.
                #nonce: true
                # warm takes a connection that is open; cold connects anew, as part of what is measured.
                #connection: warm
                #headers:
                  #X-Purpose: benchmark
                #expect:
                  #contains: "OK"

          # A Redis command. What prepares it and cleans up after it is not measured.
          - name: cached_response
            target: cache
            interval: 30s
            probe:
              redis:
                prepare:
                  - [SET, "benchmark:answer", "forty-two"]
                command: [GET, "benchmark:answer"]
                cleanup:
                  - [DEL, "benchmark:answer"]
                expect:
                  # The value of the reply, or null; 'elements' is the length of a list.
                  value: "forty-two"

          # An HTTP request.
          - name: health_check
            target: assistant
            interval: 15s
            timeout: 2s
            probe:
              http:
                #method: GET
                path: /health
                #headers:
                  #Accept: application/json
                #body: ""
                #connection: warm
                #follow_redirects: false
                # Without 'status' any of 200 to 299 is right.
                #expect:
                  #status: [200]
                  #headers:
                    #Content-Type: application/json
                  #body_contains: "ok"
                  #body_matches: "[Oo]k"
                  #json:
                    #"$.status": ok

          # The same on a fresh connection each time.
          - name: health_check_cold
            category: health_check
            target: assistant
            timeout: 2s
            probe:
              http:
                path: /health
                connection: cold

        # What a target may cost, by its name. When its tokens of the UTC hour or day are spent, benchmarks that ask a
        # language model there are left out and counted; all others go on.
        #budgets:
          #assistant:
            #tokens_per_hour: 20000
            #tokens_per_day: 200000
            # Requests that may be on their way to it at the same time; further ones wait.
            #max_in_flight: 8

        # What alerts do differently, in the process and in what 'ai-benchmark-exporter rules' prints: P95Breach,
        # SuccessRateLow, RunStale and the others of docs/runbooks.md. 'benchmark' may be a pattern with * and ?; 'for' is how
        # long the condition holds before the alert fires, 'keep_firing_for' how long the alert goes on after it has ended;
        # 'severity' is critical, warning, info or none. A later entry comes before an earlier one.
        #alerts: [{ name: P95Breach, benchmark: "*", for: 5m, keep_firing_for: 5m, severity: critical, enabled: true }]

        # Whom the exporter tells of its own alerts, for those who have no Prometheus; https:// and USER:PASSWORD@ work.
        #alertmanager:
          #urls: ["http://127.0.0.1:9093"]
          # How often an alert that goes on firing is sent again.
          #resend_interval: 1m

        """
}
