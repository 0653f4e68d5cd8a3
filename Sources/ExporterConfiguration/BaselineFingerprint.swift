import BenchmarkModel

// WHAT A BASELINE IS OF
//
// What was learnt under one definition says nothing about another. So a baseline carries a fingerprint of what is asked
// and of whom, under which load, and of what the objective looks at. What changes no latency is left out: targets of
// objectives, intervals, numbers of iterations, deadlines of an iteration, and credentials, which are rotated.
//
// The definitions are walked by reflection, so that a property that is added later cannot be forgotten; a `Secret`
// reflects nothing of itself. Names of our properties and cases are part of the text, so renaming one makes every
// exporter learn anew: a test holds the fingerprint of an example.
//
// FNV-1a, of 64 bits: nobody gains by a collision, and two versions of one definition meet with a chance of 1 in 2^64.

extension BenchmarkDefinition {
    /// The fingerprint of one of the benchmark's operations: 16 hexadecimal digits.
    ///
    /// Wherever it is, it says nothing of whom is asked and by which instance, only of what and how.
    package func fingerprint(of operation: OperationDefinition, whereverItIs isAnywhere: Bool = false) -> String {
        let asked: [Any?] = [
            operation.identity.operation, operation.objective.metric, concurrency, arrival, probe,
        ]
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in FingerprintText.of(asked as Any, without: isAnywhere ? Self.places : []).utf8 {
            hash ^= UInt64(byte)
            hash &*= 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The properties that say whom, or come from the name of the instance.
    private static let places: Set = ["host", "port", "socketPath", "prefix"]
}

/// A value as a text that is another one for every other value, and the same in every process.
enum FingerprintText {
    /// The text of `value` without what lies in properties of the names left out, however deep.
    static func of(_ value: Any, without leftOut: Set<String> = []) -> String {
        switch value {
        case is ClientCertificateDefinition: return "-"
        case let objective as Objective: return objective.metric.rawValue
        case let text as String: return "\(text.utf8.count):\(text)"
        case let duration as Duration: return "\(duration.nanoseconds)ns"
        default: break
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { "?" + of($0.value, without: leftOut) } ?? "nil"
        case .dictionary, .set:
            let entries = mirror.children.map { of($0.value, without: leftOut) }
            return "{" + entries.sorted().joined(separator: ",") + "}"
        case .enum where mirror.children.isEmpty: return ".\(value)"
        case nil where mirror.children.isEmpty: return "\(value)"
        case .class, .collection, .enum, .foreignReference, .struct, .tuple, .none:
            break
        @unknown default: break
        }
        let children = mirror.children.map { child in
            let label = child.label ?? ""
            return leftOut.contains(label) ? "\(label)=" : "\(label)=\(of(child.value, without: leftOut))"
        }
        return "(" + children.joined(separator: ",") + ")"
    }
}
