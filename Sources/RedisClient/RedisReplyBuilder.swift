/// Why a reply was refused.
struct RedisReplyFault: Error, Hashable {
    /// `protocolViolation` or `tooLarge`.
    var code: RedisError.Code
    var detail: String
}

/// Replies as Swift values, put together from the pieces that hiredis announces, depth first.
///
/// Every piece is counted against the limits before anything is allocated for it. It is a class because hiredis carries
/// a pointer to it; the decoder that owns it is the only one that holds it.
final class RedisReplyBuilder {
    private struct OpenArray {
        var elements: [RedisValue]
        var count: Int
    }

    private let limits: RedisReplyLimits
    private var openArrays: [OpenArray] = []
    private var announcedElements = 0
    private var reply: RedisValue?
    /// The first reason to refuse the reply.
    private(set) var fault: RedisReplyFault?

    init(limits: RedisReplyLimits) {
        self.limits = limits
    }

    /// Opens an array that the next `count` values fill; false refuses the reply.
    func openArray(count: Int) -> Bool {
        guard openArrays.count < limits.maximumDepth else {
            return refuse(.tooLarge, "the reply has more than \(limits.maximumDepth) levels of arrays")
        }
        guard count <= limits.maximumElements - announcedElements else {
            return refuse(.tooLarge, "the reply has more than \(limits.maximumElements) elements")
        }
        announcedElements += count
        guard count > 0 else { return add(.array([])) }
        openArrays.append(OpenArray(elements: [], count: count))
        return true
    }

    /// Adds the next value to the array that is open, or makes it the reply.
    func add(_ value: RedisValue) -> Bool {
        var value = value
        while var array = openArrays.popLast() {
            array.elements.append(value)
            guard array.elements.count == array.count else {
                openArrays.append(array)
                return true
            }
            value = .array(array.elements)
        }
        reply = value
        return true
    }

    /// Whether a string of this length may be copied.
    func accepts(byteCount: Int) -> Bool {
        guard byteCount <= limits.maximumBytes else { return refuse(.tooLarge, limits.tooManyBytes) }
        return true
    }

    /// Keeps the first reason and returns false, the answer that makes hiredis stop.
    func refuse(_ code: RedisError.Code, _ detail: String) -> Bool {
        fault = fault ?? RedisReplyFault(code: code, detail: detail)
        return false
    }

    /// The reply when it is complete, once; the next piece starts another one.
    func takeReply() -> RedisValue? {
        guard let complete = reply else { return nil }
        reply = nil
        announcedElements = 0
        return complete
    }
}

extension RedisReplyLimits {
    var tooManyBytes: String { "the reply has more than \(maximumBytes) bytes" }
}
