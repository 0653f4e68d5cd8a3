import Foundation

/// The JSON form of a suite, which `run --compare` reads back.
enum SuiteJSON {
    /// For people a line for each figure; a report that `isCompact`, for the wire, is a third of that.
    static func encode(_ report: SuiteReport, isCompact: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !isCompact { encoder.outputFormatting.insert(.prettyPrinted) }
        return try encoder.encode(report)
    }

    static func decode(_ data: Data) throws -> SuiteReport {
        try JSONDecoder().decode(SuiteReport.self, from: data)
    }

    /// The suite in a file that may be anything; what is wrong with it is the reason.
    static func decodeEarlier(_ data: Data) throws(RefusedDocument) -> SuiteReport {
        do {
            let version = try JSONDecoder().decode(Version.self, from: data).number
            guard version == SuiteReport.formatVersion else {
                let known = SuiteReport.formatVersion
                throw RefusedDocument(
                    reason: "its format is version \(version), this program reads \(known): make it anew"
                )
            }
            return try decode(data)
        } catch let refusal as RefusedDocument {
            throw refusal
        } catch {
            let detail = syntaxProblem(in: data) ?? (error as? DecodingError)?.clause ?? "\(error)"
            throw RefusedDocument(reason: "it is not the JSON of 'run --output json': \(detail)")
        }
    }

    /// Why the text is no JSON, which the decoder keeps to itself; `nil` where it is.
    private static func syntaxProblem(in data: Data) -> String? {
        do {
            _ = try JSONSerialization.jsonObject(with: data)
            return nil
        } catch {
            return ((error as? CocoaError)?.userInfo[NSDebugDescriptionErrorKey] as? String)?.withoutFullStop
        }
    }

    private struct Version: Decodable {
        var number: Int

        private enum CodingKeys: String, CodingKey {
            case number = "format_version"
        }
    }
}

extension DecodingError {
    /// What is wrong, and where, without a full stop.
    fileprivate var clause: String {
        switch self {
        case .keyNotFound(let key, let context):
            return "there is no \(Self.path(context.codingPath + [key]))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let place = context.codingPath.isEmpty ? "" : "\(Self.path(context.codingPath)): "
            return place + context.debugDescription.withoutFullStop
        @unknown default:
            return "\(self)"
        }
    }

    /// Such as `operations[0].samples`.
    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
    }
}

extension String {
    fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
