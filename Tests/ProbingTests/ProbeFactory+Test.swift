import NIOCore
import NIOPosix
import Probing

extension ProbeFactory {
    /// A factory whose connections are kept for as long as any test takes.
    static func test(
        on eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next(),
        ledger: BudgetLedger = .test()
    ) -> ProbeFactory {
        ProbeFactory(eventLoop: eventLoop, resolver: NameResolver(), ledger: ledger, idleLimit: .hours(1))
    }
}
