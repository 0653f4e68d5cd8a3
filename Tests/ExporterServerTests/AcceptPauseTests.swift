import NIOCore
import NIOEmbedded
import Testing

@testable import ExporterServer

@Suite struct AcceptPauseTests {
    @Test("a socket that the system refuses a connection accepts again after a second")
    func pause() throws {
        var errors: [IOError] = []
        let channel = EmbeddedChannel(handler: AcceptPause { errors.append($0) })
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
}

extension EmbeddedChannel {
    /// What the option for reading was last set to.
    fileprivate var acceptsByItself: Bool? {
        options.first { $0.option is ChannelOptions.Types.AutoReadOption }?.value as? Bool
    }
}
