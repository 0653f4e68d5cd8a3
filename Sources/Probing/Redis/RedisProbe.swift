package import BenchmarkModel
package import ExporterConfiguration
package import NIOCore
package import RedisClient

/// One Redis command, measured from its first byte written to the last byte of the reply, over a connection that is
/// ready.
package struct RedisProbe: AnsweringProbe {
    private let definition: RedisProbeDefinition
    private let pool: RedisConnectionPool

    /// Connects when first asked; `lookup` finds the addresses of the endpoint's host.
    package init(
        _ definition: RedisProbeDefinition,
        endpoint: RedisEndpoint,
        eventLoopGroup: any EventLoopGroup,
        lookup: @escaping RedisNameLookup
    ) {
        let address = RedisAddress(endpoint)
        let pool = RedisConnectionPool(address: address, eventLoopGroup: eventLoopGroup, lookup: lookup)
        self.init(definition, pool: pool)
    }

    /// A probe over connections that it shares with others.
    init(_ definition: RedisProbeDefinition, pool: RedisConnectionPool) {
        self.definition = definition
        self.pool = pool
    }

    package func execute(deadline: NIODeadline) async throws(CancellationError) -> IterationOutcome {
        try await ask(deadline: deadline).outcome
    }

    func ask(
        deadline: NIODeadline
    ) async throws(CancellationError) -> (outcome: IterationOutcome, answer: ProbeAnswer?) {
        let startedAt = NIODeadline.now()
        do throws(RedisError) {
            let answer = try await pool.send(definition.command, deadline: deadline)
            let outcome = IterationOutcome(
                duration: Duration(answer.exchange.receivedAt - answer.exchange.writtenAt),
                phases: answer.phases,
                failure: definition.expect.mismatch(with: answer.exchange.reply).map {
                    invalid(definition.command, $0)
                },
                endedAt: answer.exchange.receivedAt.uptime
            )
            return (outcome, ProbeAnswer(text: answer.exchange.reply.scalarText.map { Array($0.utf8) }))
        } catch {
            guard let reason = error.failureReason else { throw CancellationError() }
            let failedAt = NIODeadline.now()
            let outcome = IterationOutcome(
                duration: Duration(failedAt - (error.writtenAt ?? startedAt)),
                failure: IterationFailure(reason, error.description),
                endedAt: failedAt.uptime
            )
            return (outcome, nil)
        }
    }

    package func prepare(deadline: NIODeadline) async throws(CancellationError) -> IterationFailure? {
        for command in definition.prepare {
            do throws(RedisError) {
                let reply = try await pool.send(command, deadline: deadline).exchange.reply
                if let refusal = reply.refusal { return invalid(command, refusal) }
            } catch {
                guard let reason = error.failureReason else { throw CancellationError() }
                return IterationFailure(reason, error.description)
            }
        }
        return nil
    }

    /// Runs every command, whether or not the one before it failed, also in a task that is cancelled.
    package func cleanUp(deadline: NIODeadline) async {
        for command in definition.cleanup {
            _ = try? await pool.send(command, deadline: deadline, ignoringCancellation: true)
        }
    }

    /// Closes the pooled connections; the probe stays usable, and connects anew.
    package func close() async {
        await pool.close()
    }

    /// Names the first word of the command alone, as the others may be secret.
    private func invalid(_ command: [String], _ mismatch: String) -> IterationFailure {
        IterationFailure(.validation, "redis \(command.first ?? "") at \(pool.address.endpoint): \(mismatch)")
    }
}

extension RedisAddress {
    /// The address that an endpoint of the configuration names.
    package init(_ endpoint: RedisEndpoint) {
        self.init(
            host: endpoint.host,
            port: endpoint.port,
            username: endpoint.username,
            password: endpoint.password?.reveal,
            socketPath: endpoint.socketPath,
            database: endpoint.database,
            tls: endpoint.tls.map {
                RedisTLS(
                    certificateAuthorityFile: $0.certificateAuthorityFile,
                    serverName: $0.serverName,
                    clientCertificate: $0.clientCertificate.map { client in
                        RedisClientCertificate(certificateFile: client.certificateFile, keyFile: client.keyFile)
                    }
                )
            }
        )
    }
}

extension RedisError {
    /// The reason that is counted; `nil` for a cancelled task, which is no failure.
    fileprivate var failureReason: FailureReason? {
        switch code {
        case .nameResolution: .dns
        case .connect: .connect
        case .tls: .tls
        case .authentication, .database, .protocolViolation: .protocol
        case .timeout: .timeout
        case .tooLarge: .tooLarge
        case .closed: writtenAt == nil ? .connect : .truncated
        case .invalidCommand: .other
        case .cancelled: nil
        }
    }
}

extension RedisValue {
    /// A text, or a number as one; `nil` for other replies.
    fileprivate var scalarText: String? {
        if case .integer(let number) = self { "\(number)" } else { text }
    }
}

extension RedisConnectionPool.Answer {
    fileprivate var phases: [ProbePhase: Duration] {
        var phases: [ProbePhase: Duration] = [
            .request: Duration(exchange.flushedAt - exchange.writtenAt),
            .wait: Duration(exchange.firstByteAt - exchange.flushedAt),
            .transfer: Duration(exchange.receivedAt - exchange.firstByteAt),
        ]
        if let connectTimes {
            phases[.dns] = connectTimes.nameResolution
            phases[.connect] = connectTimes.connect
            phases[.tls] = connectTimes.tls
        }
        return phases
    }
}
