import BenchmarkModel
import ExporterConfiguration
import Testing

@testable import Probing

@Suite("Secret redaction") struct SecretRedactionTests {
    @Test(
        "a service that answers with what it was asked does not make the exporter repeat it",
        arguments: [
            ("body 'you sent Bearer s3cr3t-canary-token'", "body 'you sent <redacted>'"),
            ("body 'token s3cr3t-canary-token'", "body 'token <redacted>'"),
            ("body 'cut s3cr3t-can'", "body 'cut <redacted>'"),
            ("body 'probe-key-1234 and target'", "body '<redacted> and target'"),
            ("body 'nothing of the kind'", "body 'nothing of the kind'"),
            ("a Bear in the wood", "a Bear in the wood"),
        ]
    )
    func echoes(detail: String, expected: String) {
        let target = HTTPTarget(
            baseURL: HTTPBaseURL(isSecure: false, host: "a", port: 1, pathPrefix: ""),
            headers: [HeaderDefinition(name: "Authorization", value: Secret("Bearer s3cr3t-canary-token"))]
        )
        let definition = HTTPProbeDefinition(
            method: "GET",
            path: "/",
            headers: [HeaderDefinition(name: "X-Key", value: Secret("probe-key-1234"))]
        )
        let failure = IterationFailure(.validation, detail)
        #expect(SecretRedaction(.http(definition, target)).redacted(failure).detail == expected)
        var model = LanguageModelDefinition(dialect: .messages, path: "/", model: "m", prompt: "p", stream: true)
        model.headers = definition.headers
        #expect(SecretRedaction(.languageModel(model, target)).redacted(failure).detail == expected)
    }

    @Test("the password of a Redis server is a secret too")
    func redisPassword() {
        let endpoint = RedisEndpoint(host: "a", port: 1, password: Secret("hunter2hunter2"), database: 0)
        let probe = ProbeDefinition.redis(RedisProbeDefinition(command: ["PING"]), endpoint)
        let failure = IterationFailure(.protocol, "redis AUTH: hunter2hunter2 is wrong")
        #expect(SecretRedaction(probe).redacted(failure).detail == "redis AUTH: <redacted> is wrong")
    }

    @Test(
        "what a service has taken out of what it was sent is not repeated either",
        arguments: [
            ("user=bob&password=zebra-sesame", "bad zebra-sesame", "bad <redacted>"),
            ("lang=en; sid=kooky-value-12", "sid kooky-value-12", "sid <redacted>"),
            ("hello secret=quux-quux-quux", "you said quux-quux-quux", "you said <redacted>"),
            ("pw=stdinpass-99\n", "bad stdinpass-99", "bad <redacted>"),
            ("--token=commandline-tok-5", "bad token commandline-tok-5", "bad token <redacted>"),
            ("Basic YWRtaW46aHVudGVyMjJ4eXo=", "admin:hunter22xyz", "<redacted>"),
            ("basic YWRtaW46aHVudGVyMjJ4eXo=", "user admin, password hunter22xyz", "user admin, password <redacted>"),
            ("per%20cent%2Fsecret", "q per cent/secret", "q <redacted>"),
            ("a=1&b=plus+and%26more", "b plus and&more", "b <redacted>"),
            ("postgres://u:deep-secret@db/x", "cannot log in with deep-secret", "cannot log in with <redacted>"),
            ("postgres://u:deep-secret@db/x", "cannot log in with deep-se", "cannot log in with <redacted>"),
            ("user|other-secret|100%", "other-secret", "<redacted>"),
            ("key=se=cr:et", "se=cr:et", "<redacted>"),
        ]
    )
    func values(sent: String, detail: String, expected: String) {
        let failure = IterationFailure(.validation, detail)
        #expect(SecretRedaction(hiding: [sent]).redacted(failure).detail == expected)
    }
}
