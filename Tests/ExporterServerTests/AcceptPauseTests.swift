import NIOCore
import NIOEmbedded
import Testing

@testable import ExporterServer

@Suite struct AcceptPauseTests {
    @Test("a socket that the system refuses a connection accepts again after a second")
    func pause() throws {
        var errors: [IOError] = []
        let channel = EmbeddedChannel(handler: AcceptPause(maximumOpen: 10) { errors.append($0) })
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 24, reason: "accept"))
        #expect(errors.map(\.errnoCode) == [24])
        #expect(channel.acceptsByItself == false)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(999))
        #expect(channel.acceptsByItself == false)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(channel.acceptsByItself == true)
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 23, reason: "accept"))
        #expect(channel.acceptsByItself == false)
        #expect(errors.map(\.errnoCode) == [24])
        try channel.writeInbound(EmbeddedChannel() as any Channel)
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 23, reason: "accept"))
        #expect(errors.map(\.errnoCode) == [24, 23])
        try channel.throwIfErrorCaught()
    }

    @Test("a socket with as many connections as may be open accepts again when one of them has been closed")
    func full() throws {
        let channel = EmbeddedChannel(handler: AcceptPause(maximumOpen: 2) { _ in })
        let peers = [EmbeddedChannel(), EmbeddedChannel()]
        try channel.writeInbound(peers[0] as any Channel)
        #expect(channel.acceptsByItself == nil)
        try channel.writeInbound(peers[1] as any Channel)
        #expect(channel.acceptsByItself == false)
        peers[0].close(promise: nil)
        peers[0].embeddedEventLoop.run()
        channel.embeddedEventLoop.run()
        #expect(channel.acceptsByItself == true)
    }
}

extension EmbeddedChannel {
    /// What the option for reading was last set to.
    fileprivate var acceptsByItself: Bool? {
        options.first { $0.option is ChannelOptions.Types.AutoReadOption }?.value as? Bool
    }
}
