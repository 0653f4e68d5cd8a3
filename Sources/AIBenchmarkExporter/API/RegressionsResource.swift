import Analysis
import BenchmarkModel
import ExporterServer
import Recording

/// `GET /benchmarks/regressions` and `/benchmarks/trends`: how every operation stands against its baseline, and where it is
/// going.
struct RegressionsResource: Sendable {
    let recorder: Recorder

    private struct Regressions: Encodable {
        var regressions: [Regression]
    }

    private struct Regression: Encodable {
        var benchmark: String
        var operation: String
        var target: String
        var state: RegressionState
        /// Which way each has changed; `nil` at the level of the baseline.
        var latencyDirection: ChangeDirection?
        var failuresDirection: ChangeDirection?
        var changedAt: Timestamp?
        /// Against the baseline, with 95 % confidence limits.
        var shift: ShiftRatio?
        /// How much of a baseline has been learnt.
        var learntRatio: Double
        var baseline: LatencyView?
        var baselineSamples: Int
    }

    private struct Trends: Encodable {
        var trends: [Trend]
    }

    private struct Trend: Encodable {
        var benchmark: String
        var operation: String
        var target: String
        /// `nil` before there are runs enough.
        var slopeRatioPerHour: Double?
        /// Of such an order without a trend.
        var probability: Double?
        var significant: Bool
    }

    func regressions(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        let regressions = await findings().map { identity, finding in
            Regression(
                benchmark: identity.benchmark,
                operation: identity.operation,
                target: identity.target,
                state: finding.state,
                latencyDirection: finding.latency,
                failuresDirection: finding.failures,
                changedAt: finding.changedAt.map(Timestamp.init),
                shift: finding.shift,
                learntRatio: finding.learnt,
                baseline: finding.baseline.map(LatencyView.init),
                baselineSamples: finding.baselineSamples
            )
        }
        return .json(Regressions(regressions: regressions), for: request)
    }

    func trends(_ request: ServerRequest) async throws -> ServerResponse {
        _ = try QueryReader(request, keys: [])
        let trends = await findings().map { identity, finding in
            Trend(
                benchmark: identity.benchmark,
                operation: identity.operation,
                target: identity.target,
                slopeRatioPerHour: finding.trend?.slopeRatioPerHour.finite,
                probability: finding.trend?.probability,
                significant: finding.trend?.isSignificant ?? false
            )
        }
        return .json(Trends(trends: trends), for: request)
    }

    /// In the order of the configuration.
    private func findings() async -> [(BenchmarkIdentity, RegressionFinding)] {
        var findings: [(BenchmarkIdentity, RegressionFinding)] = []
        for state in await recorder.exposedStates() {
            let baselines = await recorder.baselines(of: state.benchmark)
            for operation in state.operations {
                guard let baseline = baselines[operation.identity] else { continue }
                let now = state.lastRun?.completedAt ?? 0
                findings.append((operation.identity, RegressionDetector.finding(of: baseline[now])))
            }
        }
        return findings
    }
}
