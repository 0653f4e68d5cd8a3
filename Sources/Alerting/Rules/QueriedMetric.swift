/// The metrics that the Prometheus rules ask for, by their full names.
///
/// The exporter exposes them under the names of its catalog, which this module does not see; a test holds these against it.
enum QueriedMetric: String, CaseIterable, CustomStringConvertible {
    case iterations = "ai_benchmark_iterations_total"
    case duration = "ai_benchmark_duration_seconds"
    case response = "ai_benchmark_response_seconds"
    case timeToFirstToken = "ai_benchmark_llm_time_to_first_token_seconds"
    case runs = "ai_benchmark_runs_total"
    case runLastCompleted = "ai_benchmark_run_last_completed_timestamp_seconds"
    case runValid = "ai_benchmark_run_valid"
    case objective = "ai_benchmark_objective_seconds"
    case objectiveRatio = "ai_benchmark_objective_ratio"
    case objectiveErrorRatio = "ai_benchmark_objective_error_ratio"
    case interval = "ai_benchmark_interval_seconds"
    case regressionState = "ai_benchmark_regression_state"
    case regressionShift = "ai_benchmark_regression_shift_ratio"
    case trendSlope = "ai_benchmark_trend_slope_ratio_per_hour"
    case budgetRemaining = "ai_benchmark_budget_remaining_tokens"
    case buildInfo = "ai_benchmark_exporter_build_info"
    case storeUp = "ai_benchmark_exporter_store_up"
    case undurableRuns = "ai_benchmark_exporter_undurable_runs"
    case configReloadSuccessful = "ai_benchmark_exporter_config_last_reload_successful"
    case alertNotifications = "ai_benchmark_exporter_alert_notifications_total"
    case processStartTime = "process_start_time_seconds"

    var description: String { rawValue }
}
