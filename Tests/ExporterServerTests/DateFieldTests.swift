import Synchronization
import Testing

@testable import ExporterServer

@Suite struct DateFieldTests {
    @Test(
        "a time is written as HTTP has it",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT"),
            (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
        ]
    )
    func text(second: Int, text: String) {
        #expect(DateField { second }.now() == text)
    }

    @Test("the text follows the clock, which may also be set back")
    func clock() {
        let seconds = Mutex([5, 5, 6, 4])
        let field = DateField { seconds.withLock { $0.removeFirst() } }
        #expect((0..<4).map { _ in field.now().suffix(6) } == ["05 GMT", "05 GMT", "06 GMT", "04 GMT"])
    }
}
