import Alerting
import BenchmarkModel
import ExporterServer

/// The schemas of the OpenAPI document, by their names.
enum OpenAPISchemas {
    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    static let all = requests.merging(figures) { first, _ in first }.merging(answers) { first, _ in first }

    private static let text: JSONValue = ["type": "string"]
    private static let boolean: JSONValue = ["type": "boolean"]
    private static let number: JSONValue = ["type": "number"]
    private static let count: JSONValue = ["type": "integer", "minimum": 0]
    private static let ratio: JSONValue = ["type": "number", "minimum": 0, "maximum": 1]
    private static let time: JSONValue = ["type": "string", "format": "date-time"]
    private static let grade: JSONValue = oneOf(Grade.self)
    private static let outcome: JSONValue = oneOf(RunOutcome.self)
    private static let regressionState: JSONValue = oneOf(RegressionState.self)
    private static let direction: JSONValue = oneOf(ChangeDirection.self)
    private static let reason: JSONValue = oneOf(FailureReason.self)

    private static func oneOf<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> JSONValue {
        ["type": "string", "enum": .array(Choice.allCases.map { .string($0.rawValue) })]
    }

    private static func list(of schema: JSONValue) -> JSONValue { ["type": "array", "items": schema] }

    /// An object that has what is required, may have the rest, and has nothing else.
    private static func object(_ required: [String: JSONValue], optional: [String: JSONValue] = [:]) -> JSONValue {
        [
            "type": "object",
            "properties": .object(required.merging(optional) { first, _ in first }),
            "required": .array(required.keys.sorted().map(JSONValue.string)),
            "additionalProperties": false,
        ]
    }

    private static func seconds(_ names: String...) -> [String: JSONValue] {
        Dictionary(names.map { ("\($0)_seconds", number) }) { first, _ in first }
    }

    // MARK: Requests

    private static let names: JSONValue = ["type": "array", "minItems": 1, "uniqueItems": true, "items": text]
    private static let duration: JSONValue = [
        "type": "string", "minLength": 2,
        "pattern": "^([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
        "examples": ["30s", "1h30m", "30d"],
        "description": "As the configuration has it, from 1s to 100y.",
    ]

    private static let action: JSONValue = oneOf(BaselineChange.self)

    private static let requests: [String: JSONValue] = [
        "Nothing": object([:]),
        "RunRequest": object(
            [:],
            optional: [
                "benchmarks": names, "iterations": ["type": "integer", "minimum": 1, "maximum": 100_000],
                "concurrency": ["type": "integer", "minimum": 1, "maximum": 1000],
                "warmup_iterations": ["type": "integer", "minimum": 0, "maximum": 100_000], "record": boolean,
            ]
        ),
        "ContinuousRequest": object([:], optional: ["interval": duration, "benchmarks": names]),
        "BaselineRequest": object([:], optional: ["benchmarks": names, "action": action]),
        "CleanupRequest": object(["older_than": duration]),
        "Problem": object(
            ["status": count, "title": text, "detail": text],
            optional: ["errors": list(of: object(["pointer": text, "detail": text]))]
        ),
    ]

    // MARK: Figures

    private static let figures: [String: JSONValue] = [
        "Objective": object([
            "metric": oneOf(ObjectiveMetric.self),
            "statistic": oneOf(ObjectiveStatistic.self), "target_seconds": number,
            "error_ratio": ratio,
        ]),
        "Latency": object(seconds("min", "mean", "p50", "p95", "p99", "max")),
        "Operation": object(
            [
                "operation": text, "target": text, "objective": reference("Objective"), "samples": count, "good": count,
                "slow": count, "failed": count,
                "failures": ["type": "object", "propertyNames": reason, "additionalProperties": count],
            ],
            optional: [
                "grade": grade, "confident": boolean, "invalid": text, "regression_state": regressionState,
                "success_ratio": ratio, "validation_ratio": ratio,
                "throughput_per_second": number, "goodput_per_second": number, "judged_seconds": number,
                "performance_ratio": number, "latency": reference("Latency"),
                "last_failure": object(["reason": reason, "detail": text], optional: ["trace_id": text]),
                "slowest": object(["seconds": number], optional: ["trace_id": text]),
            ]
        ),
        "Result": object(
            [
                "benchmark": text, "outcome": outcome, "intended_at": time, "completed_at": time,
                "operations": list(of: reference("Operation")),
            ],
            optional: [
                "id": text, "floor_seconds": number, "peak_in_flight": count, "efficiency": number,
                "slowest_operation": text,
            ]
        ),
        "Window": object(
            ["window_seconds": number, "count": count, "good": count, "slow": count, "failed": count],
            optional: seconds("mean", "p50", "p95", "p99")
                .merging(["success_ratio": ratio, "grade": grade]) { first, _ in first }
        ),
        "Alert": object(
            [
                "alert": oneOf(AlertName.self), "severity": oneOf(AlertSeverity.self), "since": time, "reason": text,
                "state": oneOf(AlertView.State.self),
            ],
            optional: ["benchmark": text, "operation": text, "target": text]
        ),
    ]

    // MARK: Answers

    private static let answers: [String: JSONValue] = [
        "Results": object(
            ["results": list(of: reference("Result"))],
            optional: [
                "next": text,
                "suite": object(
                    ["benchmarks": count, "samples": count, "success_ratio": ratio],
                    optional: [
                        "mean_seconds": number,
                        "slowest_operation": object(["benchmark": text, "operation": text, "p95_seconds": number]),
                    ]
                ),
            ]
        ),
        "ManualRun": object(
            [
                "id": text, "state": oneOf(ManualRun.State.self),
                "benchmarks": list(of: text), "record": boolean, "started_at": time,
                "results": list(of: reference("Result")),
            ],
            optional: [
                "cancelled_by": oneOf(ManualRun.Canceller.self), "completed_at": time,
                "suite": object(
                    ["meets_target": boolean],
                    optional: ["latency": reference("Latency"), "ratio_within_target": ratio]
                ),
            ]
        ),
        "SuiteReport": [
            "type": "object", "description": "The format of 'run --output json', for 'run --compare' too.",
            "required": [
                "format_version", "exporter_version", "completed_at", "partial", "unfinished", "suite", "operations",
            ],
        ],
        "Metrics": object([
            "computed_at": time, "observed_since": time,
            "metrics": list(
                of: object([
                    "benchmark": text, "operation": text, "target": text, "objective": reference("Objective"),
                    "windows": list(of: reference("Window")),
                ])
            ),
        ]),
        "Status": object(
            [
                "instance": text, "version": text, "continuous": reference("Continuous"), "running": list(of: text),
                "store": object(
                    ["kind": oneOf(StatusResource.StoreKind.self)],
                    optional: ["up": boolean, "fenced": boolean, "undurable_runs": count, "last_success_at": time]
                ),
                "alerts": list(of: reference("Alert")),
                "benchmarks": list(
                    of: object(
                        [
                            "benchmark": text, "category": oneOf(BenchmarkCategory.self),
                            "degraded_operations": list(of: text),
                        ],
                        optional: [
                            "interval_seconds": number, "next_run_at": time, "grade": grade,
                            "last_run": reference("Result"),
                        ]
                    )
                ),
            ],
            optional: ["manual_run": text, "role": oneOf(Role.self)]
        ),
        "Continuous": object(
            ["state": oneOf(ContinuousResource.View.State.self)],
            optional: [
                "interval_seconds": number, "benchmarks": list(of: text), "unknown_benchmarks": list(of: text),
                "durable": boolean,
            ]
        ),
        "BaselineChange": object(
            [
                "action": action, "benchmarks": list(of: text),
                "baselines": list(
                    of: object(
                        [
                            "benchmark": text, "operation": text, "target": text,
                            "outcome": oneOf(ChangedBaseline.Outcome.self), "learnt_ratio": ratio,
                        ],
                        optional: ["part": text]
                    )
                ),
            ],
            optional: ["durable": boolean]
        ),
        "Regressions": object([
            "regressions": list(
                of: object(
                    [
                        "benchmark": text, "operation": text, "target": text, "learnt_ratio": ratio,
                        "baseline_samples": count, "state": regressionState,
                    ],
                    optional: [
                        "latency_direction": direction, "failures_direction": direction, "changed_at": time,
                        "shift": object(["ratio": number, "lower": number, "upper": number]),
                        "baseline": reference("Latency"),
                    ]
                )
            )
        ]),
        "Trends": object([
            "trends": list(
                of: object(
                    ["benchmark": text, "operation": text, "target": text, "significant": boolean],
                    optional: ["slope_ratio_per_hour": number, "probability": ratio]
                )
            )
        ]),
        "Trimmed": object(["runs_deleted": count, "audit_entries_deleted": count]),
        "Invalidated": object([
            "primed": list(of: text), "failures": list(of: object(["benchmark": text, "detail": text])),
        ]),
        "AuditTrail": object(
            [
                "calls": list(
                    of: object(
                        [
                            "time": time, "address": text, "method": text, "path": text, "parameters": text,
                            "status": count,
                        ],
                        optional: ["token": text]
                    )
                )
            ],
            optional: ["next": text]
        ),
    ]
}
