import Foundation
import Testing

@testable import AIBenchmarkExporter

/// WCAG 2.2, success criteria 1.4.3 (text, 4.5) and 1.4.11 (what is needed to understand, 3), computed from the stylesheet.
@Suite("the colours of the pages") struct PageColoursTests {
    enum Scheme: String, CaseIterable {
        case light, dark
    }

    /// What stands on what.
    private static let texts = [
        ("text", "page"), ("text", "card"), ("muted", "page"), ("muted", "card"), ("link", "page"), ("link", "card"),
        ("pass", "pass-back"), ("fail", "fail-back"), ("warn", "warn-back"), ("none", "none-back"),
        ("text", "none-back"), ("text", "fail-back"), ("button-text", "button"), ("objective", "card"),
        ("pass", "card"),
        ("warn", "card"),
    ]
    private static let graphics = [
        ("line", "card"), ("line", "heat1"), ("line", "heat3"), ("line", "heat5"), ("objective", "card"),
        ("control", "card"), ("control", "page"), ("button", "page"), ("link", "page"), ("phase1", "card"),
        ("phase2", "card"),
        ("phase3", "card"), ("phase4", "card"), ("phase5", "card"), ("phase6", "card"),
    ]

    @Test("text can be read on what it stands on", arguments: Scheme.allCases)
    func texts(scheme: Scheme) throws {
        let colours = try Self.colours(scheme)
        for (front, back) in Self.texts {
            let ratio = Self.contrast(try #require(colours[front]), try #require(colours[back]))
            #expect(ratio >= 4.5, "\(front) on \(back): \(ratio)")
        }
    }

    @Test("plots and controls can be told from what they stand on", arguments: Scheme.allCases)
    func graphics(scheme: Scheme) throws {
        let colours = try Self.colours(scheme)
        for (front, back) in Self.graphics {
            let ratio = Self.contrast(try #require(colours[front]), try #require(colours[back]))
            #expect(ratio >= 3, "\(front) on \(back): \(ratio)")
        }
    }

    @Test("both schemes have the same colours, and no rule has another one")
    func complete() throws {
        #expect(Set(try Self.colours(.light).keys) == Set(try Self.colours(.dark).keys))
        #expect(Self.stylesheet.matches(of: /#[0-9a-f]{3,8}\b/).count == Self.definitions.count)
    }

    private static let stylesheet = String(decoding: PackageResources.page_css, as: UTF8.self)

    /// In the order of the stylesheet, the light ones first.
    private static let definitions = stylesheet.matches(of: /--([a-z0-9-]+): #([0-9a-f]{6});/).map { match in
        (name: String(match.1), colour: Int(match.2, radix: 16) ?? 0)
    }

    private static func colours(_ scheme: Scheme) throws -> [String: Int] {
        let half = definitions.count / 2
        let part = scheme == .light ? definitions.prefix(half) : definitions.suffix(half)
        return Dictionary(part.map { ($0.name, $0.colour) }) { first, _ in first }
    }

    /// As WCAG defines it.
    ///
    /// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    private static func contrast(_ first: Int, _ second: Int) -> Double {
        let (dark, light) = (min(luminance(first), luminance(second)), max(luminance(first), luminance(second)))
        return (light + 0.05) / (dark + 0.05)
    }

    private static func luminance(_ colour: Int) -> Double {
        let channels = [16, 8, 0].map { shift -> Double in
            let value = Double(colour >> shift & 0xFF) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }
}
