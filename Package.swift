// swift-tools-version: 6.2
import PackageDescription

/// What only those need who measure this program; "instrumented" also counts what of our modules an input reaches.
let benchmarks = Context.environment["AI_BENCHMARK_EXPORTER_BENCHMARKS"]

let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
        .treatWarning("DeprecatedDeclaration", as: .warning),
    ] + (benchmarks == "instrumented" ? [.unsafeFlags(["-sanitize=fuzzer"])] : [])

/// A position-independent executable has 4 MiB of relocated data in memory, and exported symbols keep 3 MiB of code that
/// nothing calls: Scripts/measure-footprint shows the difference.
let small = LinkerSetting.unsafeFlags(
    ["-Xclang-linker", "-no-pie", "-Xlinker", "--no-export-dynamic"],
    .when(platforms: [.linux], configuration: .release)
)

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
    .product(name: "NIOTLS", package: "swift-nio"),
]
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
    name: "ai-benchmark-exporter",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "ai-benchmark-exporter", targets: ["AIBenchmarkExporter"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
    ],
    targets: [
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "BenchmarkModel", swiftSettings: strict),
        .target(name: "Analysis", dependencies: ["BenchmarkModel"], swiftSettings: strict),
        .target(name: "Recording", dependencies: ["BenchmarkModel"], swiftSettings: strict),
        .target(name: "Exposition", dependencies: ["BenchmarkModel", "CZlib"], swiftSettings: strict),
        .target(
            name: "ExporterConfiguration",
            dependencies: ["BenchmarkModel", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .target(
            name: "RedisClient",
            dependencies: ["CHiredis"] + nio + [nioTLS, logging],
            swiftSettings: strict + [.strictMemorySafety()]
        ),
        .target(
            name: "Probing",
            dependencies: ["BenchmarkModel", "ExporterConfiguration", "RedisClient"] + nio + [
                nioHTTP, nioTLS, logging, .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Alerting",
            dependencies: ["BenchmarkModel", "ExporterConfiguration", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict
        ),
        .target(
            name: "SnapshotStore",
            dependencies: [
                "BenchmarkModel", "RedisClient", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "NIOCore", package: "swift-nio"), lifecycle, logging,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "ExporterServer",
            dependencies: ["CCrypt"] + nio + [nioHTTP, nioTLS, crypto, lifecycle, logging],
            swiftSettings: strict
        ),
        .target(name: "DemoService", dependencies: nio + [nioHTTP, lifecycle, logging], swiftSettings: strict),
        .executableTarget(
            name: "AIBenchmarkExporter",
            dependencies: [
                "CMalloc", "BenchmarkModel", "Analysis", "Recording", "Exposition", "ExporterConfiguration",
                "RedisClient", "Probing", "Alerting", "SnapshotStore", "ExporterServer", "DemoService",
                .product(name: "ArgumentParser", package: "swift-argument-parser"), lifecycle, unixSignals, logging,
                nioHTTP, nioTLS, crypto,
            ] + nio,
            // The files of the status page are part of the program.
            resources: ["page.css", "page.js", "icon.svg"].map { .embedInCode("Web/StatusPage/\($0)") },
            swiftSettings: strict,
            linkerSettings: [small]
        ),
        .target(
            name: "ExporterTestSupport",
            dependencies: ["BenchmarkModel"] + nio + [nioHTTP, nioTLS, logging],
            path: "Tests/ExporterTestSupport",
            swiftSettings: strict
        ),
    ] + [
        tests("BenchmarkModel"),
        tests("Analysis"),
        tests("Recording"),
        tests("Exposition", ["CZlib"]),
        tests("ExporterConfiguration"),
        tests("RedisClient", nio + [nioEmbedded, nioTLS, logging]),
        tests(
            "Probing",
            ["ExporterConfiguration", "RedisClient", "DemoService"] + nio + [nioEmbedded, nioHTTP, nioTLS, logging]
        ),
        tests("Alerting", ["ExporterConfiguration", "Recording", .product(name: "Yams", package: "Yams")]),
        tests(
            "SnapshotStore",
            ["RedisClient", .product(name: "GRDB", package: "GRDB.swift"), lifecycle, logging] + nio
        ),
        tests("ExporterServer", nio + [nioEmbedded, nioHTTP, nioTLS, crypto, lifecycle, logging]),
        tests("DemoService", nio + [nioHTTP, lifecycle, logging]),
        tests(
            "AIBenchmarkExporter",
            [
                "Alerting", "Analysis", "ExporterConfiguration", "ExporterServer", "Probing", "SnapshotStore",
                lifecycle, logging,
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "Analysis", "BenchmarkModel", "ExporterConfiguration", "ExporterTestSupport", "Probing", "Recording",
                "SnapshotStore", "AIBenchmarkExporter", "Alerting", "DemoService", logging,
            ] + nio + [nioHTTP],
            swiftSettings: strict
        ),
    ]
)

// Programs that measure this one need `package` access, and nobody who builds the exporter needs them.
if benchmarks != nil {
    package.products.append(.executable(name: "regression-quality", targets: ["RegressionQuality"]))
    package.targets.append(
        .executableTarget(
            name: "RegressionQuality",
            dependencies: ["Analysis", "BenchmarkModel"],
            path: "Benchmarks/RegressionQuality",
            exclude: ["compare-otava.py"],
            swiftSettings: strict
        )
    )
    package.products.append(.executable(name: "fuzz", targets: ["Fuzz"]))
    package.targets.append(.systemLibrary(name: "CFuzzer", path: "Benchmarks/CFuzzer"))
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "Alerting", "BenchmarkModel", "CFuzzer", "ExporterConfiguration", "ExporterServer", "Probing",
                "SnapshotStore",
                nioEmbedded, nioHTTP,
            ] + nio,
            path: "Benchmarks/Fuzz",
            swiftSettings: strict
        )
    )
}

/// The test target of one module: every one may use the vocabulary and the shared test support.
func tests(_ module: String, _ more: [Target.Dependency] = []) -> Target {
    let dependencies: [Target.Dependency] = module == "BenchmarkModel" ? [] : ["BenchmarkModel"]
    return .testTarget(
        name: module + "Tests",
        dependencies: [.target(name: module), "ExporterTestSupport"] + dependencies + more,
        swiftSettings: strict
    )
}
