import BenchmarkModel

/// Turns states into families: every series that can appear is there from the start, and a gauge only once it is known.
struct SnapshotBuilder {
    private var series: [String: [MetricSeries]] = [:]
    /// As a server counts them: every bucket of a histogram is a series, and so are its sum and its count.
    private(set) var seriesCount = 0

    /// The families with at least one series, in the order of the catalog.
    func snapshot(revision: UInt64) -> MetricSnapshot {
        let families = MetricCatalog.published.compactMap { descriptor in
            series[descriptor.name].map { descriptor.family($0) }
        }
        return MetricSnapshot(families: families, revision: revision)
    }

    mutating func add(_ descriptor: MetricDescriptor, _ labels: LabelSet, _ value: Double) {
        add(descriptor, MetricSeries(labels, .number(value)), counting: 1)
    }

    mutating func add(_ benchmark: BenchmarkDescription, _ state: BenchmarkState) {
        for operation in benchmark.operations {
            guard let operationState = state.operation(operation.identity) else { continue }
            let labels = LabelSet(operation.identity)
            addCounters(of: operationState, labels)
            addHistograms(of: operationState, labels)
            addDescription(of: operation, in: benchmark, labels)
            if let lastRun = state.lastRun, let summary = lastRun.operation(operation.identity) {
                addLastRun(lastRun, summary, labels)
            }
            addBaseline(operationState.baseline?[state.lastRun?.completedAt ?? 0], labels)
            if let time = operationState.lastSuccessAt { add(MetricCatalog.runLastSuccess, labels, time) }
        }
    }

    private mutating func add(_ descriptor: MetricDescriptor, _ labels: LabelSet, _ histogram: Histogram) {
        add(descriptor, MetricSeries(labels, .histogram(histogram)), counting: histogram.counts.count + 2)
    }

    private mutating func add(_ descriptor: MetricDescriptor, _ entry: MetricSeries, counting number: Int) {
        series[descriptor.name, default: []].append(entry)
        seriesCount += number
    }

    private mutating func addCounters(of state: OperationState, _ labels: LabelSet) {
        for result in IterationResult.allCases {
            let count = state.iterations[result] ?? 0
            add(MetricCatalog.iterations, labels.adding("result", result.rawValue), Double(count))
        }
        add(MetricCatalog.warmupIterations, labels, Double(state.warmupIterations))
        for reason in FailureReason.allCases {
            let count = state.failures[reason] ?? 0
            add(MetricCatalog.failures, labels.adding("reason", reason.rawValue), Double(count))
        }
        for outcome in RunOutcome.allCases {
            let count = state.runs[outcome] ?? 0
            add(MetricCatalog.runs, labels.adding("outcome", outcome.rawValue), Double(count))
        }
        guard let model = state.model else { return }
        for source in TokenSource.allCases {
            for kind in TokenKind.allCases {
                let count = state.tokens[source]?[kind] ?? 0
                let tokenLabels = labels.adding("model", model).adding("kind", kind.rawValue)
                add(MetricCatalog.tokens, tokenLabels.adding("source", source.rawValue), Double(count))
            }
        }
    }

    private mutating func addHistograms(of state: OperationState, _ labels: LabelSet) {
        let histograms = state.histograms
        add(MetricCatalog.duration, labels, histograms.duration)
        if let response = histograms.response { add(MetricCatalog.response, labels, response) }
        for phase in ProbePhase.allCases {
            guard let histogram = histograms.phases[phase] else { continue }
            add(MetricCatalog.phaseDuration, labels.adding("phase", phase.rawValue), histogram)
        }
        add(MetricCatalog.runLateness, labels, histograms.lateness)
        if let lag = histograms.visibilityLag { add(MetricCatalog.visibilityLag, labels, lag) }
        guard let model = state.model, let languageModel = histograms.languageModel else { return }
        let modelLabels = labels.adding("model", model)
        add(MetricCatalog.timeToFirstByte, modelLabels, languageModel.timeToFirstByte)
        add(MetricCatalog.timeToFirstToken, modelLabels, languageModel.timeToFirstToken)
        add(MetricCatalog.timeToFirstVisibleToken, modelLabels, languageModel.timeToFirstVisibleToken)
        add(MetricCatalog.interToken, modelLabels, languageModel.interToken)
        add(MetricCatalog.timePerOutputToken, modelLabels, languageModel.timePerOutputToken)
    }

    private mutating func addDescription(
        of operation: OperationDescription,
        in benchmark: BenchmarkDescription,
        _ labels: LabelSet
    ) {
        let objective = operation.objective
        let objectiveLabels = labels.adding("metric", objective.metric.rawValue)
        add(
            MetricCatalog.objective,
            objectiveLabels.adding("statistic", objective.statistic.rawValue),
            objective.target.seconds
        )
        add(MetricCatalog.objectiveRatio, labels, objective.allowedBadRatio)
        add(MetricCatalog.objectiveErrorRatio, labels, objective.errorRatio)
        if let interval = benchmark.interval { add(MetricCatalog.interval, labels, interval.seconds) }
        let info = labels.adding("category", benchmark.category.rawValue).adding("probe", benchmark.probe)
        add(MetricCatalog.info, info, 1)
        addTarget(of: operation)
    }

    /// Several benchmarks may ask the same target; it is described once.
    private mutating func addTarget(of operation: OperationDescription) {
        let labels: LabelSet = [
            "target": operation.identity.target, "kind": operation.targetKind, "endpoint": operation.targetEndpoint,
        ]
        let known = series[MetricCatalog.targetInfo.name] ?? []
        if !known.contains(where: { $0.labels == labels }) { add(MetricCatalog.targetInfo, labels, 1) }
    }

    private mutating func addLastRun(_ run: RunSummary, _ operation: OperationSummary, _ labels: LabelSet) {
        add(MetricCatalog.runLastCompleted, labels, run.completedAt)
        if run.floor != nil { add(MetricCatalog.runValid, labels, operation.invalidity == nil ? 1 : 0) }
        if let load = run.load {
            add(MetricCatalog.runPeakInFlight, labels, Double(load.peakInFlight))
            if let efficiency = load.efficiency { add(MetricCatalog.runEfficiency, labels, efficiency) }
        }
        if let finding = operation.finding { addFinding(finding, labels) }
        if let confident = operation.isConfident { add(MetricCatalog.runConfident, labels, confident ? 1 : 0) }
        guard let statistics = operation.statistics else { return }
        if let latency = statistics.latency {
            add(MetricCatalog.runLatency, labels, latency)
        }
        let adjusted = statistics.adjusted
        for (name, value) in [("p50", adjusted.p50), ("p95", adjusted.p95), ("p99", adjusted.p99)] {
            add(MetricCatalog.runAdjustedLatency, labels.adding("statistic", name), value)
        }
        add(MetricCatalog.runSuccessRatio, labels, statistics.successRatio)
        add(MetricCatalog.runSamples, labels, Double(statistics.samples))
        add(MetricCatalog.runThroughput, labels, statistics.throughput)
        add(MetricCatalog.runGoodput, labels, statistics.goodput)
        add(MetricCatalog.runPerformanceRatio, labels, statistics.judged / operation.objective.target.seconds)
        if let ratio = statistics.validationRatio { add(MetricCatalog.runValidationRatio, labels, ratio) }
        for grade in Grade.allCases {
            let value: Double = statistics.grade == grade ? 1 : 0
            add(MetricCatalog.runGrade, labels.adding("grade", grade.rawValue), value)
        }
    }

    private mutating func add(_ descriptor: MetricDescriptor, _ labels: LabelSet, _ latency: LatencyStatistics) {
        let values = [
            ("min", latency.min), ("mean", latency.mean), ("p50", latency.p50), ("p95", latency.p95),
            ("p99", latency.p99), ("max", latency.max),
        ]
        for (name, value) in values { add(descriptor, labels.adding("statistic", name), value) }
    }

    private mutating func addBaseline(_ baseline: BaselineState?, _ labels: LabelSet) {
        guard let baseline else { return }
        if let latency = baseline.level?.latency { add(MetricCatalog.baselineLatency, labels, latency) }
        add(MetricCatalog.baselineSamples, labels, Double(baseline.samples))
    }

    private mutating func addFinding(_ finding: RegressionFinding, _ labels: LabelSet) {
        guard finding.state != .learning else { return }
        for direction in ChangeDirection.allCases {
            let isPresent = finding.latency == direction || finding.failures == direction
            add(MetricCatalog.regressionState, labels.adding("direction", direction.rawValue), isPresent ? 1 : 0)
        }
        if let shift = finding.shift { add(MetricCatalog.regressionShift, labels, shift.ratio) }
        if let trend = finding.trend, trend.isSignificant {
            add(MetricCatalog.trendSlope, labels, trend.slopeRatioPerHour)
        }
    }
}
