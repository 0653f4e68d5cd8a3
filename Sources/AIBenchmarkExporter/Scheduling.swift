import Probing
import ServiceLifecycle

/// The scheduler as a service: at a shutdown its runs are aborted, and it ends when their records are delivered.
struct Scheduling: Service {
    let scheduler: BenchmarkScheduler<ContinuousClock>

    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await scheduler.run() }
            group.addTask {
                try? await gracefulShutdown()
                await scheduler.stop()
            }
        }
    }
}
