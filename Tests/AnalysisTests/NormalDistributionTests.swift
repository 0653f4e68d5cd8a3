import Analysis
import Testing

@Suite struct NormalDistributionTests {
    @Test(
        "quantiles agree with tables, in the middle and far out",
        arguments: [
            (0.5, 0.0), (0.841344746068542949, 1), (0.975, 1.959963984540054), (0.025, -1.959963984540054),
            (0.95, 1.644853626951473), (1e-6, -4.753424308822899), (1e-20, -9.262340089798408),
        ]
    )
    func quantiles(probability: Double, expected: Double) {
        #expect(abs(NormalDistribution.quantile(probability) - expected) < 1e-9)
    }

    @Test("the probability of a quantile is the one that was asked for")
    func inverse() {
        for step in 1..<1000 {
            let probability = Double(step) / 1000
            let again = NormalDistribution.cumulative(NormalDistribution.quantile(probability))
            #expect(abs(again - probability) < 1e-14)
        }
    }

    @Test("the ends have no finite quantile")
    func ends() {
        #expect(NormalDistribution.quantile(0) == -.infinity)
        #expect(NormalDistribution.quantile(1) == .infinity)
    }
}
