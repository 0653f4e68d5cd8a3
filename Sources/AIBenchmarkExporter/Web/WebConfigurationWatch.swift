import ExporterConfiguration
import ExporterServer
import Logging
import ServiceLifecycle

/// Takes up the web configuration file and the PEM files that it names again when they change.
///
/// A change counts once two looks in a row have seen the same, so that neither a file that is half written nor a new
/// certificate whose key is still to come is ever in force. What cannot be used is said once, and the old settings stay.
struct WebConfigurationWatch<C: Clock>: Service where C.Duration == Duration {
    let file: WebConfigurationFile
    /// What is in force.
    let initial: WebConfigurationFile.Contents
    let security: ServerSecurity
    let clock: C
    let logger: Logger

    /// Looks until the graceful shutdown.
    func run() async {
        await cancelWhenGracefulShutdown {
            var changes = SettledChange(Look.readable(initial))
            while (try? await clock.sleep(for: webConfigurationLookInterval)) != nil {
                if let look = changes.look(await look()) { takeUp(look) }
            }
        }
    }

    /// What a look at the files finds.
    enum Look: Equatable, Sendable {
        case readable(WebConfigurationFile.Contents)
        case unreadable(String)
    }

    @concurrent private func look() async -> Look {
        do {
            return .readable(try file.read())
        } catch {
            return .unreadable(error.message)
        }
    }

    private func takeUp(_ look: Look) {
        do {
            let contents =
                switch look {
                case .readable(let contents): contents
                case .unreadable(let message): throw CommandFailure(message: message, status: .badUsage)
                }
            security.replace(web: try file.settings(of: contents))
            logger.info("web configuration taken up", metadata: ["file": "\(file.path)"])
            for warning in contents.loaded.warnings {
                logger.warning("web configuration", metadata: ["problem": "\(warning)"])
            }
        } catch {
            logger.error(
                "web configuration not taken up, the old one is kept",
                metadata: ["problems": "\((error as? CommandFailure)?.message ?? "\(error)")"]
            )
        }
    }
}

/// The time between two looks: four small files cost nothing, and a certificate is renewed days ahead.
let webConfigurationLookInterval = Duration.seconds(2)

/// Tells a change when the same value has been seen twice in a row.
struct SettledChange<Value: Equatable> {
    private var taken: Value
    private var seen: Value

    /// Starts with a value that is in force.
    init(_ value: Value) {
        taken = value
        seen = value
    }

    /// The value, where it has settled and is another than the last one that had.
    mutating func look(_ value: Value) -> Value? {
        defer { seen = value }
        guard value == seen, value != taken else { return nil }
        taken = value
        return value
    }
}
