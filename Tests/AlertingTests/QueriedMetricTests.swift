import ExporterTestSupport
import Foundation
import Recording
import Testing

@testable import Alerting

@Suite("What rules ask for") struct QueriedMetricTests {
    /// Metrics that DESIGN names and no exporter exposes yet; this list only shrinks.
    private static let coming: Set<QueriedMetric> = []

    @Test("every metric that the rules ask for is in the catalog, or on the list of those that are still to come")
    func catalog() {
        let known = Set(MetricCatalog.all.map(\.name))
        for metric in QueriedMetric.allCases {
            #expect(known.contains(metric.rawValue) != Self.coming.contains(metric), "\(metric)")
        }
    }

    @Test("every metric but that of the open loop, which it has not, is asked for by a rule of the example")
    func used() throws {
        let rules = try DeployedRules.example()
        for metric in QueriedMetric.allCases where metric != .response {
            #expect(rules.contains(metric.rawValue), "\(metric)")
        }
    }
}
