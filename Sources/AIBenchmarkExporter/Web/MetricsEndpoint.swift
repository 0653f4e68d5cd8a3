import BenchmarkModel
import ExporterServer
import Exposition
import Recording
import Synchronization

/// `/metrics`: the body as it was last published, and behind it the few families that change by themselves.
final class MetricsEndpoint: Sendable {
    private struct Published {
        var revision: UInt64
        var exposition: RenderedExposition
    }

    private let published: Mutex<Published>
    private let changing: @Sendable () -> MetricSnapshot

    /// An endpoint that serves nothing but the families of `changing` until something is published.
    init(changing: @escaping @Sendable () -> MetricSnapshot) {
        self.changing = changing
        published = Mutex(Published(revision: 0, exposition: RenderedExposition(MetricSnapshot())))
    }

    /// Serves `snapshot` from now on, unless a later one is served already: renderings of snapshots may finish in another
    /// order than the snapshots were taken in, and a counter must never go back.
    func publish(_ snapshot: MetricSnapshot) {
        let exposition = RenderedExposition(snapshot)
        published.withLock { published in
            guard snapshot.revision >= published.revision else { return }
            published = Published(revision: snapshot.revision, exposition: exposition)
        }
    }

    /// Answers a scrape from memory.
    func respond(to request: ServerRequest) -> ServerResponse {
        let compressed = ContentNegotiation.acceptsGzip(request.headers["accept-encoding"])
        let exposition = published.withLock(\.exposition)
        var headers = [("Vary", "Accept-Encoding")]
        if compressed { headers.append(("Content-Encoding", "gzip")) }
        var response = ServerResponse(
            status: 200,
            contentType: TextFormat.contentType,
            headers: headers,
            body: exposition.ending(appending: changing(), compressed: compressed)
        )
        response.sharedBody = exposition.prepared(compressed: compressed)
        return response
    }
}
