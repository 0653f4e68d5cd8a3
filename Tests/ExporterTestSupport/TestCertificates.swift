/// A certificate authority made for one test, and certificates that it has signed.
package struct TestCertificates: Sendable {
    private let directory: TemporaryDirectory

    /// The authority's certificate, PEM.
    package var authority: String { directory.file("ca.pem") }

    /// Makes the authority with the openssl command.
    package init() async throws {
        directory = try TemporaryDirectory()
        try await openssl([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test authority",
            "-keyout", directory.file("ca.key"), "-out", authority,
        ])
    }

    /// The paths of a new certificate for `names` (`DNS:localhost`, `IP:127.0.0.1`) and of its key, both PEM.
    ///
    /// It expires in so many days; below zero it has.
    package func issue(
        _ name: String,
        for names: [String],
        days: Int = 2
    ) async throws -> (certificate: String, key: String) {
        let certificate = directory.file("\(name).pem")
        let key = directory.file("\(name).key")
        let request = directory.file("\(name).csr")
        let subject = ["-subj", "/CN=\(name)", "-addext", "subjectAltName=\(names.joined(separator: ","))"]
        try await openssl(["req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request] + subject)
        try await openssl([
            "x509", "-req", "-in", request, "-CA", authority, "-CAkey", directory.file("ca.key"), "-CAcreateserial",
            "-days", "\(days)", "-copy_extensions", "copy", "-out", certificate,
        ])
        return (certificate, key)
    }

    /// The paths of a certificate for `names` that no authority but itself has signed, and of its key, both PEM.
    package func selfSigned(_ name: String, for names: [String]) async throws -> (certificate: String, key: String) {
        let certificate = directory.file("\(name).pem")
        let key = directory.file("\(name).key")
        try await openssl([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=\(names.joined(separator: ","))", "-keyout", key, "-out", certificate,
        ])
        return (certificate, key)
    }

    private func openssl(_ arguments: [String]) async throws {
        let process = try ChildProcess("openssl", debianPackage: "openssl", arguments: arguments)
        let status = await process.waitForExit()
        guard status == 0 else {
            throw ChildProcess.Failure(
                "openssl \(arguments.first ?? "") exited \(status): \(process.lines.joined(separator: "\n"))"
            )
        }
    }
}
