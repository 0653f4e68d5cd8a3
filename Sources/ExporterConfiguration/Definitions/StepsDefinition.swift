package import BenchmarkModel

/// Several requests, one after the other, that share variables; each iteration is the whole sequence.
package struct StepsDefinition: Hashable, Sendable {
    /// The value of `{{prefix}}`: what the names of all keys begin with that the exporter writes.
    package var prefix: String
    /// The variables of each case, of which iterations take turns; all have the same names.
    package var cases: [[String: JSONScalar]]
    /// At least one.
    package var steps: [StepDefinition]
    /// What is asked when the others have ended, however they did; neither measured nor able to fail anything.
    package var finally: [StepDefinition]

    package init(
        prefix: String,
        cases: [[String: JSONScalar]] = [],
        steps: [StepDefinition],
        finally: [StepDefinition] = []
    ) {
        self.prefix = prefix
        self.cases = cases
        self.steps = steps
        self.finally = finally
    }

    /// Who is asked first.
    var target: TargetDescription {
        steps.first?.request.target ?? TargetDescription(kind: "steps", endpoint: "")
    }

    /// The steps and what is asked finally.
    package var all: [StepDefinition] { steps + finally }
}

/// One request of a sequence.
package struct StepDefinition: Hashable, Sendable {
    /// For messages.
    package var name: String
    /// The name of the target that is asked.
    package var target: String
    /// Of one of the kinds ``ProbeDefinition/http``, ``ProbeDefinition/languageModel`` and ``ProbeDefinition/redis``.
    ///
    /// Its path, headers, body, words, prompts and expected values are templates; see ``Template``.
    package var request: ProbeDefinition
    /// What is measured of the step; `nil` for one that is not.
    package var measure: StepMeasure?
    package var captures: [CaptureDefinition]
    /// `nil` for a step that asks once.
    package var repetition: RepetitionDefinition?
    /// Whether the sequence goes on although this step failed; later steps do not depend on it.
    package var continuesOnFailure: Bool

    package init(
        name: String,
        target: String,
        request: ProbeDefinition,
        measure: StepMeasure? = nil,
        captures: [CaptureDefinition] = [],
        repetition: RepetitionDefinition? = nil,
        continuesOnFailure: Bool = false
    ) {
        self.name = name
        self.target = target
        self.request = request
        self.measure = measure
        self.captures = captures
        self.repetition = repetition
        self.continuesOnFailure = continuesOnFailure
    }
}

/// Makes a step an operation of its own.
package struct StepMeasure: Hashable, Sendable {
    /// The label `operation`.
    package var operation: String
    package var objective: Objective

    package init(operation: String, objective: Objective) {
        self.operation = operation
        self.objective = objective
    }
}

/// A part of an answer that becomes a variable; a step whose answer does not have it fails with `validation`.
package struct CaptureDefinition: Hashable, Sendable {
    /// Where the value is found.
    package enum Source: Hashable, Sendable {
        /// A scalar of the answer as JSON.
        case json(JSONPath)
        /// The first value of the header of this name; of HTTP only.
        case header(String)
        /// The first group of a regular expression, or the whole match where it has none.
        case match(String)
    }

    /// The name of the variable.
    package var variable: String
    package var source: Source

    package init(variable: String, source: Source) {
        self.variable = variable
        self.source = source
    }
}

/// How a request is repeated until its expectation holds.
package struct RepetitionDefinition: Hashable, Sendable {
    /// From the beginning of the step; that of the iteration holds too.
    package var deadline: Duration
    /// From one answer to the next request; at least 1 ms.
    package var pause: Duration

    package init(deadline: Duration, pause: Duration) {
        self.deadline = deadline
        self.pause = pause
    }
}
