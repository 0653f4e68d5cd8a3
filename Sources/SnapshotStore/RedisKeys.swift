/// The keys of one instance.
///
/// They share a hash tag, so that in a cluster they are on one server and a script may use them together.
struct RedisKeys: Hashable, Sendable {
    /// Hash: a field per benchmark with its state.
    let state: String
    /// Stream: the history.
    let runs: String
    /// String: the fence of the process that owns the instance.
    let fence: String
    /// Hash: what could not be read.
    let refused: String
    /// Hash: a field per document.
    let documents: String
    /// Stream: calls of the management API; commits do not use it.
    let audit: String

    /// The keys of `instance`, which may hold any character.
    init(instance: String) {
        let tag = "{aibench:\(PercentEncoding.encode(instance, keeping: PercentEncoding.hashTag))}"
        state = "\(tag):state"
        runs = "\(tag):runs"
        fence = "\(tag):fence"
        refused = "\(tag):refused"
        documents = "\(tag):documents"
        audit = "\(tag):audit"
    }

    /// The keys that commits use, in the order in which the scripts know them.
    var all: [String] { [state, runs, fence, refused, documents] }

    /// Where a key of `all` goes whose type is none of ours.
    var foreign: [String] { all.map { "\($0):foreign" } }

    /// String: the number of the last call in `audit` that `writer` has stored.
    func auditNumber(of writer: UInt64) -> String { "\(audit):number:\(writer)" }

    /// The same of `audit`.
    var foreignAudit: String { "\(audit):foreign" }
}
