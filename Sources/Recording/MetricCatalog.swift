import BenchmarkModel

/// Every family that the exporter can expose, in the order of exposition.
///
/// No other file contains a metric name.
package enum MetricCatalog {
    static let prefix = "ai_benchmark_"

    // What a benchmark counts and observes.
    static let duration = MetricDescriptor.benchmark(
        "duration_seconds",
        .histogram,
        [],
        "Duration of successful iterations, from the first byte of the request to the last of the answer."
    )
    static let response = MetricDescriptor.benchmark(
        "response_seconds",
        .histogram,
        [],
        "Response time of successful iterations in open loop: from the intended start to the last byte of the answer."
    )
    static let phaseDuration = MetricDescriptor.benchmark(
        "phase_duration_seconds",
        .histogram,
        ["phase"],
        "Duration of the phases of successful iterations."
    )
    static let visibilityLag = MetricDescriptor.benchmark(
        "visibility_lag_seconds",
        .histogram,
        [],
        "From an acknowledged write to the first answer that shows it."
    )
    static let timeToFirstByte = MetricDescriptor.benchmark(
        "llm_time_to_first_byte_seconds",
        .histogram,
        ["model"],
        "Time to the first byte of a language model's answer."
    )
    static let timeToFirstToken = MetricDescriptor.benchmark(
        "llm_time_to_first_token_seconds",
        .histogram,
        ["model"],
        "Time to the first content, reasoning or tool-call token of a streamed answer."
    )
    static let timeToFirstVisibleToken = MetricDescriptor.benchmark(
        "llm_time_to_first_visible_token_seconds",
        .histogram,
        ["model"],
        "Time to the first content token of a streamed answer."
    )
    static let interToken = MetricDescriptor.benchmark(
        "llm_inter_token_seconds",
        .histogram,
        ["model"],
        "Gaps between the tokens of a streamed answer."
    )
    static let timePerOutputToken = MetricDescriptor.benchmark(
        "llm_time_per_output_token_seconds",
        .histogram,
        ["model"],
        "Mean time per output token after the first, one observation for each answer."
    )
    static let tokens = MetricDescriptor.benchmark(
        "llm_tokens_total",
        .counter,
        ["model", "kind", "source"],
        "Tokens, warm-up included, as the service counts them or as the exporter estimates them."
    )
    static let iterations = MetricDescriptor.benchmark(
        "iterations_total",
        .counter,
        ["result"],
        "Measured iterations: good within the objective, slow beyond it, failed otherwise."
    )
    static let warmupIterations = MetricDescriptor.benchmark(
        "warmup_iterations_total",
        .counter,
        [],
        "Iterations executed before measuring began."
    )
    static let failures = MetricDescriptor.benchmark(
        "failures_total",
        .counter,
        ["reason"],
        "Measured iterations that failed, by reason."
    )
    static let runs = MetricDescriptor.benchmark(
        "runs_total",
        .counter,
        ["outcome"],
        "Slots of the schedule, by what became of them."
    )
    static let runLateness = MetricDescriptor.benchmark(
        "run_lateness_seconds",
        .histogram,
        [],
        "Actual minus intended start of runs."
    )

    // The last completed run, exact.
    static let runLatency = MetricDescriptor.benchmark(
        "run_latency_seconds",
        .gauge,
        ["statistic"],
        "Latency of the last run's successes in the objective's metric."
    )
    static let runAdjustedLatency = MetricDescriptor.benchmark(
        "run_adjusted_latency_seconds",
        .gauge,
        ["statistic"],
        "Latency of all iterations of the last run, a failure counting as +Inf."
    )
    static let runSuccessRatio = MetricDescriptor.benchmark(
        "run_success_ratio",
        .gauge,
        [],
        "Share of the last run's iterations that succeeded."
    )
    static let runSamples = MetricDescriptor.benchmark(
        "run_samples",
        .gauge,
        [],
        "Measured iterations of the last run."
    )
    static let runThroughput = MetricDescriptor.benchmark(
        "run_throughput_per_second",
        .gauge,
        [],
        "Iterations per second of the last run, but for those that were not issued."
    )
    static let runGoodput = MetricDescriptor.benchmark(
        "run_goodput_per_second",
        .gauge,
        [],
        "Good iterations per second of the last run."
    )
    static let runPeakInFlight = MetricDescriptor.benchmark(
        "run_peak_in_flight",
        .gauge,
        [],
        "The most iterations of the last run that were in flight at the same time."
    )
    static let runEfficiency = MetricDescriptor.benchmark(
        "run_efficiency_ratio",
        .gauge,
        [],
        "Throughput of the last run's workers divided by what as many would have that do not hinder each other."
    )
    static let runPerformanceRatio = MetricDescriptor.benchmark(
        "run_performance_ratio",
        .gauge,
        [],
        "The objective's statistic of the last run divided by its target, failures counting as +Inf."
    )
    static let runValid = MetricDescriptor.benchmark(
        "run_valid",
        .gauge,
        [],
        "Whether the exporter's own floor was at most a tenth of the objective's target during the last run."
    )
    static let runConfident = MetricDescriptor.benchmark(
        "run_confident",
        .gauge,
        [],
        "Whether the last run has enough iterations to support its grade at 95 %."
    )
    static let runValidationRatio = MetricDescriptor.benchmark(
        "run_validation_ratio",
        .gauge,
        [],
        "Right answers among the well-formed ones of the last run."
    )
    static let runGrade = MetricDescriptor.benchmark(
        "run_grade",
        .gauge,
        ["grade"],
        "Whether the last run kept its objective: the series of its grade is 1."
    )
    static let runLastCompleted = MetricDescriptor.benchmark(
        "run_last_completed_timestamp_seconds",
        .gauge,
        [],
        "When the last run completed, in seconds since 1970."
    )
    static let runLastSuccess = MetricDescriptor.benchmark(
        "run_last_success_timestamp_seconds",
        .gauge,
        [],
        "When the last run that kept its objective completed, in seconds since 1970."
    )

    // How the last run stands against the baseline.
    static let baselineLatency = MetricDescriptor.benchmark(
        "baseline_latency_seconds",
        .gauge,
        ["statistic"],
        "Latency of the baseline in the objective's metric; absent while that is being learnt."
    )
    static let baselineSamples = MetricDescriptor.benchmark(
        "baseline_samples",
        .gauge,
        [],
        "Successes that the baseline was learnt from, or that have been learnt from so far."
    )
    static let regressionState = MetricDescriptor.benchmark(
        "regression_state",
        .gauge,
        ["direction"],
        "Whether the benchmark is worse or better than its baseline; absent while that is being learnt."
    )
    static let regressionShift = MetricDescriptor.benchmark(
        "regression_shift_ratio",
        .gauge,
        [],
        "Latency since the last change, or of the last ten runs without one, divided by that of the baseline."
    )
    static let trendSlope = MetricDescriptor.benchmark(
        "trend_slope_ratio_per_hour",
        .gauge,
        [],
        "Relative change of latency per hour over the last runs; absent while it may be luck."
    )

    // What a benchmark is.
    static let objective = MetricDescriptor.benchmark(
        "objective_seconds",
        .gauge,
        ["metric", "statistic"],
        "Target of the objective."
    )
    static let objectiveRatio = MetricDescriptor.benchmark(
        "objective_ratio",
        .gauge,
        [],
        "Share of iterations that the objective allows to be slow or failed."
    )
    static let objectiveErrorRatio = MetricDescriptor.benchmark(
        "objective_error_ratio",
        .gauge,
        [],
        "Share of iterations that the objective allows to fail."
    )
    static let interval = MetricDescriptor.benchmark(
        "interval_seconds",
        .gauge,
        [],
        "Interval from the start of one run to the start of the next."
    )
    static let info = MetricDescriptor.benchmark(
        "info",
        .gauge,
        ["category", "probe"],
        "What a benchmark is; always 1."
    )
    static let targetInfo = MetricDescriptor.exporter(
        "target_info",
        .gauge,
        ["target", "kind", "endpoint"],
        "What a target is; always 1."
    )
    package static let seriesRefused = MetricDescriptor.exporter(
        "exporter_series_refused_total",
        .counter,
        [],
        "Series left out because the exporter's limit of series was reached."
    )

    // The exporter itself.
    package static let buildInfo = MetricDescriptor.exporter(
        "exporter_build_info",
        .gauge,
        ["version"],
        "The version of the exporter; always 1."
    )
    package static let floor = MetricDescriptor.exporter(
        "exporter_floor_seconds",
        .gauge,
        [],
        "What the exporter itself added to the latest run: its longest exchange with itself, or its event loop's lag."
    )
    package static let eventLoopLag = MetricDescriptor.exporter(
        "exporter_event_loop_lag_seconds",
        .gauge,
        [],
        "How late the event loop of the probes ran a scheduled task, the greatest of the last minute."
    )
    package static let alertState = MetricDescriptor.benchmark(
        "alert_state",
        .gauge,
        ["alert", "state"],
        "1 for each alert of the process that is pending or firing; one of no benchmark has those labels empty."
    )
    package static let budgetRemaining = MetricDescriptor.benchmark(
        "budget_remaining_tokens",
        .gauge,
        [],
        "Tokens that the target may still cost: the lesser of what is left of this hour and of this day, in UTC."
    )
    package static let configReloadSuccessful = MetricDescriptor.exporter(
        "exporter_config_last_reload_successful",
        .gauge,
        [],
        "Whether the last reload of the configuration succeeded."
    )
    package static let configReloadTimestamp = MetricDescriptor.exporter(
        "exporter_config_last_reload_success_timestamp_seconds",
        .gauge,
        [],
        "When the configuration was last loaded successfully, in seconds since 1970."
    )
    package static let storeUp = MetricDescriptor.exporter(
        "exporter_store_up",
        .gauge,
        [],
        "Whether the last operation of the store succeeded."
    )
    package static let storeFenced = MetricDescriptor.exporter(
        "exporter_store_fenced",
        .gauge,
        [],
        "Whether a newer exporter of the same instance has taken over the store."
    )
    package static let storeOperations = MetricDescriptor.exporter(
        "exporter_store_operations_total",
        .counter,
        ["operation", "outcome"],
        "Operations of the store, by outcome."
    )
    package static let snapshotLastSuccess = MetricDescriptor.exporter(
        "exporter_snapshot_last_success_timestamp_seconds",
        .gauge,
        [],
        "When state was last committed to the store, in seconds since 1970."
    )
    package static let undurableRuns = MetricDescriptor.exporter(
        "exporter_undurable_runs",
        .gauge,
        [],
        "Runs that are published but not yet committed to the store."
    )
    package static let alertNotifications = MetricDescriptor.exporter(
        "exporter_alert_notifications_total",
        .counter,
        ["outcome"],
        "Posts of the alerts of the process to Alertmanagers, by outcome."
    )
    package static let httpRequests = MetricDescriptor.exporter(
        "exporter_http_requests_total",
        .counter,
        ["handler", "code"],
        "Answers of the exporter's own server, by handler and status."
    )
    package static let processCPU = MetricDescriptor.process(
        "cpu_seconds_total",
        .counter,
        "Total user and system CPU time spent in seconds."
    )
    package static let processOpenDescriptors = MetricDescriptor.process(
        "open_fds",
        .gauge,
        "Number of open file descriptors."
    )
    package static let processMaximumDescriptors = MetricDescriptor.process(
        "max_fds",
        .gauge,
        "Maximum number of open file descriptors."
    )
    package static let processVirtualMemory = MetricDescriptor.process(
        "virtual_memory_bytes",
        .gauge,
        "Virtual memory size in bytes."
    )
    package static let processResidentMemory = MetricDescriptor.process(
        "resident_memory_bytes",
        .gauge,
        "Resident memory size in bytes."
    )
    package static let processStartTime = MetricDescriptor.process(
        "start_time_seconds",
        .gauge,
        "Start time of the process since unix epoch in seconds."
    )

    /// The families that the recorder fills in when something is published, in the order of exposition.
    static let published: [MetricDescriptor] = [
        duration, response, phaseDuration, visibilityLag, timeToFirstByte, timeToFirstToken, timeToFirstVisibleToken,
        interToken, timePerOutputToken, tokens, iterations, warmupIterations, failures, runs, runLateness, runLatency,
        runAdjustedLatency, runSuccessRatio, runSamples, runThroughput, runGoodput, runPeakInFlight, runEfficiency,
        runPerformanceRatio, runValid, runConfident, runValidationRatio, runGrade, runLastCompleted, runLastSuccess,
        baselineLatency, baselineSamples, regressionState, regressionShift, trendSlope, objective, objectiveRatio,
        objectiveErrorRatio,
        interval, info, targetInfo, seriesRefused,
    ]

    /// The families that change by themselves and are filled in at a scrape, in the order of exposition.
    static let changing: [MetricDescriptor] = [
        alertState, budgetRemaining, buildInfo, floor, eventLoopLag, configReloadSuccessful, configReloadTimestamp,
        storeUp,
        storeFenced, storeOperations,
        snapshotLastSuccess, undurableRuns, alertNotifications, httpRequests, processCPU, processOpenDescriptors,
        processMaximumDescriptors, processVirtualMemory, processResidentMemory, processStartTime,
    ]

    /// Every family, each name once.
    package static var all: [MetricDescriptor] { published + changing }
}
