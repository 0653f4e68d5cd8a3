import ExporterServer

/// The addresses of the pages of benchmarks, each of which has one.
enum BenchmarkPath {
    /// What the router takes them by.
    static let template = "/benchmarks/{name}"

    /// The path of the page of `benchmark`.
    ///
    /// What cannot be a segment, as a server may take it for a way to another folder, is encoded twice; so is a percent sign,
    /// so that no two names have the same path.
    static func path(of benchmark: String) -> String {
        let isSegment = benchmark != "." && benchmark != ".." && !benchmark.contains { "/\\%".contains($0) }
        return "/benchmarks/" + (isSegment ? encoded(benchmark) : encoded(encoded(benchmark, keeping: "")))
    }

    /// Whether a decoded segment leads to the page of `benchmark`.
    static func leads(_ segment: String, to benchmark: String) -> Bool {
        "/benchmarks/" + encoded(segment) == path(of: benchmark)
    }

    private static func encoded(_ text: String, keeping marks: String = "-._~") -> String {
        text.utf8.reduce(into: "") { result, byte in
            let character = Character(UnicodeScalar(byte))
            if character.isASCII, character.isLetter || character.isNumber || marks.contains(character) {
                result.append(character)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }
}
