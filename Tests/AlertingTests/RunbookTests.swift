import BenchmarkModel
import Foundation
import Testing

@Suite("Runbooks") struct RunbookTests {
    @Test("every alert has a section with its meaning, a first look, likely causes and how to silence it")
    func sections() throws {
        let text = try String(contentsOfFile: DeployedRules.root + "/docs/runbooks.md", encoding: .utf8)
        let sections = text.components(separatedBy: "\n## ").dropFirst()
        for name in AlertName.allCases {
            let section = try #require(sections.first { $0.hasPrefix(name.fullName + "\n") }, "\(name)")
            for part in ["**Meaning.** ", "**First look.** ", "**Likely causes.** ", "**Silencing.** "] {
                #expect(section.contains("\n" + part), "\(name): \(part)")
            }
        }
    }

    @Test("every alert of the rules points at the heading of its section")
    func anchors() throws {
        let alerts = try DeployedRules.alerts(in: DeployedRules.example())
        #expect(Set(alerts.map(\.alert)) == Set(AlertName.allCases.map(\.fullName)))
        for alert in alerts {
            #expect(alert.annotations["runbook_url"] == "docs/runbooks.md#" + alert.alert.lowercased())
            #expect(alert.annotations["summary"]?.isEmpty == false)
            #expect(alert.annotations["description"]?.isEmpty == false)
        }
    }
}
