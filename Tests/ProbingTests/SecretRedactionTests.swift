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
}
