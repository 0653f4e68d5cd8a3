import NIOCore
import Testing

@testable import RedisClient

@Suite("RedisValue")
struct RedisValueTests {
    @Test(
        "only an error has an error code, and it is never more than a code",
        arguments: [
            (.error("WRONGTYPE Operation against a key"), "WRONGTYPE"),
            (.error("ERR"), "ERR"),
            (.error("s3cret is no command"), "error"),
            (.error(""), "error"),
            (.error(String(repeating: "A", count: 33)), "error"),
            (.status("OK"), nil),
            (.null, nil),
        ] as [(RedisValue, String?)]
    )
    func errorCode(value: RedisValue, code: String?) {
        #expect(value.errorCode == code)
    }

    @Test(
        "a bulk string and a status have a text",
        arguments: [
            (.bulk(Array("é".utf8)), "é"), (.status("OK"), "OK"), (.integer(1), nil), (.null, nil), (.array([]), nil),
            (.error("ERR"), nil),
        ] as [(RedisValue, String?)]
    )
    func text(value: RedisValue, text: String?) {
        #expect(value.text == text)
    }
}

@Suite("RedisAddress and RedisError")
struct RedisAddressTests {
    @Test("no description, interpolation or dump of an address shows the password")
    func noPassword() {
        let address = RedisAddress(
            host: "::1",
            port: 6379,
            username: "me",
            password: "s3cret",
            database: 2,
            tls: RedisTLS()
        )
        var dumped = ""
        dump(address, to: &dumped)
        #expect("\(address)" == "rediss://[::1]:6379/2")
        #expect(dumped == "- rediss://[::1]:6379/2\n")
        #expect(String(reflecting: address) == "rediss://[::1]:6379/2")
        #expect(String(reflecting: [address] as [Any]) == "[rediss://[::1]:6379/2]")
    }

    @Test("an error says what was being done, to what, and what came back")
    func errorDescriptions() {
        let detail = RedisError.timedOut(after: .nanoseconds(499_987_654))
        #expect(
            RedisError(.timeout, command: "GET", address: "10.0.0.5:6379", detail: detail).description
                == "redis GET at 10.0.0.5:6379: timed out after 0.5 s"
        )
        #expect(
            RedisError(.nameResolution, address: "cache:6379", detail: "the name has no address").description
                == "connecting to redis at cache:6379: the name has no address"
        )
    }
}
