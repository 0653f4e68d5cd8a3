import BenchmarkModel
import ExporterServer

/// The description of the management API in the form of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0).
enum OpenAPIDocument {
    /// The document of `endpoints`, as JSON.
    static func text(of endpoints: [Endpoint]) -> [UInt8] { JSONAnswer.encodeAsIs(document(of: endpoints)) }

    private static func document(of endpoints: [Endpoint]) -> JSONValue {
        var paths: [String: JSONValue] = [:]
        for (path, endpoints) in Dictionary(grouping: endpoints, by: \.path) {
            let operations = endpoints.map { ($0.method.lowercased(), operation($0)) }
            paths[path] = .object(Dictionary(operations) { first, _ in first })
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "ai-benchmark-exporter",
                "version": .string(ExporterVersion.current),
                "description": "The management API. Times are RFC 3339 in UTC, durations are in seconds.",
                "license": ["name": "MIT", "identifier": "MIT"],
            ],
            "security": [["bearer": []]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": ["bearer": ["type": "http", "scheme": "bearer"]],
                "schemas": .object(OpenAPISchemas.all),
            ],
        ]
    }

    private static func operation(_ endpoint: Endpoint) -> JSONValue {
        let words = endpoint.path.split { !$0.isLetter }.map(String.init)
        var fields: [String: JSONValue] = [
            "operationId": .string(([endpoint.method.lowercased()] + words).joined(separator: "_")),
            "summary": .string(endpoint.summary),
            "description": .string("Takes a token with the role \(endpoint.role.rawValue)."),
            "parameters": .array(endpoint.parameters.map(parameter)),
            "responses": .object(responses(of: endpoint)),
        ]
        if let body = endpoint.body {
            fields["requestBody"] = [
                "required": .boolean(body.isRequired),
                "content": ["application/json": ["schema": OpenAPISchemas.reference(body.schema)]],
            ]
        }
        return .object(fields)
    }

    private static func parameter(_ parameter: Endpoint.Parameter) -> JSONValue {
        [
            "name": .string(parameter.name),
            "in": .string(parameter.place.rawValue),
            "required": .boolean(parameter.isRequired),
            "schema": parameter.schema,
            "description": .string(parameter.description),
        ]
    }

    private static func responses(of endpoint: Endpoint) -> [String: JSONValue] {
        var responses: [String: JSONValue] = [:]
        for status in endpoint.statuses {
            var response: [String: JSONValue] = [
                "description": .string(ProblemDetails(status: status, detail: "").title)
            ]
            if status != 304 { response["content"] = .object(content(of: status, of: endpoint)) }
            let headers = endpoint.headers(of: status).map { header, isRequired -> (String, JSONValue) in
                let fields: JSONValue = [
                    "description": .string(header.description), "required": .boolean(isRequired),
                    "schema": header.schema,
                ]
                return (header.rawValue, fields)
            }
            if !headers.isEmpty { response["headers"] = .object(Dictionary(headers) { first, _ in first }) }
            responses["\(status)"] = .object(response)
        }
        return responses
    }

    private static func content(of status: Int, of endpoint: Endpoint) -> [String: JSONValue] {
        if let answer = endpoint.answers.first(where: { $0.status == status }) {
            return [answer.contentType: ["schema": answer.schema.map(OpenAPISchemas.reference) ?? ["type": "string"]]]
        }
        var content: [String: JSONValue] = [
            "application/problem+json": ["schema": OpenAPISchemas.reference("Problem")]
        ]
        // What is too large for any request is refused before it has a path, so nobody knows that it wants problem details.
        if status == 413 { content["text/plain"] = ["schema": ["type": "string"]] }
        return content
    }
}

extension Endpoint.Parameter {
    static let id = Self(
        name: "id",
        place: .path,
        schema: ["type": "string", "minLength": 1],
        isRequired: true,
        description: "The name of a run."
    )
    static let limit = Self(
        name: "limit",
        place: .query,
        schema: ["type": "integer", "minimum": 1, "maximum": 1000, "default": 50],
        description: "The most entries of the page."
    )
    static let since = Self(
        name: "since",
        place: .query,
        schema: ["type": "string", "format": "date-time"],
        description: "The earliest end of a run."
    )
    static let cursor = Self(
        name: "cursor",
        place: .query,
        schema: ["type": "string"],
        description: "What the page before had as `next`."
    )
    static let wait = Self(
        name: "wait",
        place: .query,
        schema: ["type": "boolean", "default": false],
        description: "Whether to answer when the runs have ended."
    )
    static let idempotencyKey = Self(
        name: "Idempotency-Key",
        place: .header,
        schema: ["type": "string", "minLength": 1, "maxLength": 255],
        description: "The same request with the same key starts nothing a second time, until the exporter starts anew."
    )
    static let ifNoneMatch = Self(
        name: "If-None-Match",
        place: .header,
        schema: ["type": "string"],
        description: "The tag of an answer that is known already."
    )
    static let scrapeTimeout = Self(
        name: "X-Prometheus-Scrape-Timeout-Seconds",
        place: .header,
        schema: ["type": "number", "minimum": 0.001, "maximum": 3600],
        description: "When Prometheus gives up; the run is aborted before that."
    )

    static func benchmark(isRequired: Bool) -> Self {
        Self(
            name: "benchmark",
            place: .query,
            schema: ["type": "string", "minLength": 1],
            isRequired: isRequired,
            description: "The name of a benchmark."
        )
    }
}
