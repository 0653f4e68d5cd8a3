/// The version of this program, as `--version`, the build information and the `User-Agent` of probes give it.
package enum ExporterVersion {
    /// A semantic version.
    package static let current = "0.1.0"
}
