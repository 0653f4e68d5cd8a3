import Foundation
import Yams

/// The files in `deploy/prometheus`, and what they hold.
enum DeployedRules {
    static let root = URL(fileURLWithPath: "\(#filePath)").deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let folder = root + "/deploy/prometheus"

    /// The names of the files with unit tests.
    static let testFiles: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/tests")) ?? []
        return names.filter { $0.hasSuffix(".yml") }.sorted()
    }()

    /// One moment of a unit test, and the alerts that must fire then.
    struct Case: Decodable {
        struct Expected: Decodable {}

        var alertname: String
        var expected: [Expected]

        enum CodingKeys: String, CodingKey {
            case alertname
            case expected = "exp_alerts"
        }
    }

    static func cases(in file: String) throws -> [Case] {
        struct File: Decodable {
            var tests: [Test]
        }
        struct Test: Decodable {
            var cases: [Case]

            enum CodingKeys: String, CodingKey {
                case cases = "alert_rule_test"
            }
        }
        let text = try String(contentsOfFile: folder + "/tests/" + file, encoding: .utf8)
        return try YAMLDecoder().decode(File.self, from: text).tests.flatMap(\.cases)
    }

    /// An alert of a rule file.
    struct Alert: Decodable {
        var alert: String
        var expression: String
        var hold: String?
        var labels: [String: String]
        var annotations: [String: String]

        enum CodingKeys: String, CodingKey {
            case alert
            case expression = "expr"
            case hold = "for"
            case labels, annotations
        }
    }

    static func alerts(in text: String) throws -> [Alert] {
        struct File: Decodable {
            var groups: [Group]
        }
        struct Group: Decodable {
            var rules: [Entry]
        }
        struct Entry: Decodable {
            var alert: Alert?

            init(from decoder: any Decoder) throws {
                enum CodingKeys: CodingKey { case record }
                let isRecord = try decoder.container(keyedBy: CodingKeys.self).contains(.record)
                alert = isRecord ? nil : try Alert(from: decoder)
            }
        }
        return try YAMLDecoder().decode(File.self, from: text).groups.flatMap(\.rules).compactMap(\.alert)
    }

    static func example() throws -> String {
        try String(contentsOfFile: folder + "/ai-benchmark-exporter.rules.yml", encoding: .utf8)
    }
}
