import Exposition
import Testing

@Suite struct ContentNegotiationTests {
    @Test(
        "gzip is used where the client takes it",
        arguments: [
            "gzip", "GZIP", "x-gzip", "gzip, deflate, br", "deflate , gzip;q=0.5", "gzip;q=1.0", "gzip ; Q=0.001",
            "*", "*;q=0.1", "br;q=1, *;q=0.5", "identity;q=0, gzip", "identity;q=0.5, gzip;q=0.5", "identity;q=0, *",
            ",,gzip,", "\tgzip\t",
        ]
    )
    func accepted(_ value: String) {
        #expect(ContentNegotiation.acceptsGzip(value))
    }

    @Test(
        "gzip is not used where the client refuses it, prefers the plain answer or says nothing",
        arguments: [
            nil, "", "identity", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "identity;q=1, gzip;q=0.5",
            "gzip;q=2", "gzip;q=-1", "gzip;q=nan", "gzip;q=", "gzip;q", "gzip;level=9", "gzip;q=1;q=0", "gzipped",
            "g zip", ";q=1",
        ]
    )
    func refused(_ value: String?) {
        #expect(!ContentNegotiation.acceptsGzip(value))
    }
}
