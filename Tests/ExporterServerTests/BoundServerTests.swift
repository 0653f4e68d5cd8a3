import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import ExporterServer

@Suite struct BoundServerTests {
    @Test("the way to what prepares a connection is as short for a later one as for the first")
    func preparation() {
        let acceptor = BoundServer.Acceptor()
        let depths = Mutex<[UInt]>([])
        acceptor.initializes { channel in
            var mark = 0
            let depth = withUnsafeMutablePointer(to: &mark) { UInt(bitPattern: $0) }
            depths.withLock { $0.append(depth) }
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        let channel = EmbeddedChannel()
        for _ in 0..<10 { _ = acceptor.initialize(channel) }
        #expect(depths.withLock { $0.count } == 10)
        #expect(depths.withLock { Set($0).count } == 1)
    }
}
