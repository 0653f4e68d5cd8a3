import Foundation
import Logging

/// How a log line is written.
enum LogFormat: String, CaseIterable {
    case logfmt, json
}

/// Writes each log message as one line to standard error: time, level, message, then the metadata.
///
/// No value can begin a line of its own: logfmt quotes and escapes, JSON is encoded.
struct LogLineHandler: LogHandler {
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
    let format: LogFormat

    init(format: LogFormat) {
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = [
            ("ts", Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))),
            ("level", event.level == .warning ? "warn" : event.level.rawValue),
            ("msg", event.message.description),
        ]
        let more = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let line = Self.line(fields + more.map { ($0.key, $0.value.description) }, format: format)
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }

    /// The fields as one line, with its end.
    static func line(_ fields: [(String, String)], format: LogFormat) -> String {
        switch format {
        case .logfmt: fields.map { "\($0)=\(isPlain($1) ? $1 : quoted($1))" }.joined(separator: " ") + "\n"
        case .json: "{" + fields.map { "\(quoted($0)):\(quoted($1))" }.joined(separator: ",") + "}\n"
        }
    }

    /// Whether `value` needs no quotes in logfmt.
    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"=\\".utf8.contains($0) }
    }

    /// A JSON string, which is also how logfmt quotes; the control characters and ends of lines that JSON lets through are
    /// replaced.
    private static func quoted(_ value: String) -> String {
        let controls: ClosedRange<Unicode.Scalar> = "\u{7F}"..."\u{9F}"
        let separators: ClosedRange<Unicode.Scalar> = "\u{2028}"..."\u{2029}"
        let scalars = value.unicodeScalars.map {
            controls.contains($0) || separators.contains($0) ? "\u{FFFD}" : $0
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let data = try? encoder.encode(String(String.UnicodeScalarView(scalars)))
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
