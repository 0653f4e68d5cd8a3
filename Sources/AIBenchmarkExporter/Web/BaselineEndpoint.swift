import ExporterServer
import Foundation

/// Changes what benchmarks are compared with, for whoever has an admin token: `POST /ai/performance/benchmarks/baseline`.
struct BaselineEndpoint: Sendable {
    static let path = "/ai/performance/benchmarks/baseline"

    let editor: BaselineEditor
    /// The names of the benchmarks of the configuration in force.
    let names: @Sendable () async -> [String]

    /// What is asked for; all benchmarks where none is named.
    private struct Call: Decodable {
        var benchmarks: [String]?
        var action: String
    }

    /// What was done.
    private struct Outcome: Encodable {
        var benchmarks: [String]
        var action: String
    }

    /// The route, which takes `{"benchmarks": [NAME, …], "action": "accept" | "reset"}`.
    var route: Route {
        Route(path: Self.path, handler: "baseline", methods: ["POST"], role: .admin) { await respond(to: $0) }
    }

    private func respond(to request: ServerRequest) async -> ServerResponse {
        let expected = #"a body such as {"benchmarks": ["model_response"], "action": "accept"}"#
        guard let call = try? JSONDecoder().decode(Call.self, from: Data(request.body)) else {
            return .problem(400, "expected \(expected)")
        }
        guard let change = BaselineChange(rawValue: call.action) else {
            return .problem(422, "action: found another value, expected accept or reset")
        }
        let known = await names()
        let asked = call.benchmarks ?? known
        guard !asked.isEmpty, Set(asked).isSubset(of: known) else {
            let names = known.joined(separator: ", ")
            return .problem(422, "benchmarks: found one that is not configured, or none, expected some of \(names)")
        }
        _ = await editor.apply(change, to: asked)
        let outcome = Outcome(benchmarks: asked, action: change.rawValue)
        let body = (try? JSONEncoder().encode(outcome)) ?? Data()
        return ServerResponse(status: 200, contentType: "application/json", body: Array(body))
    }
}
