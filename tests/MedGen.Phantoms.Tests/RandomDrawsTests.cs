using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Tests;

public class RandomDrawsTests
{
    [Fact]
    public void Gaussian_ManyDraws_HasMeanZeroAndVarianceOne()
    {
        Random random = new(7);
        double[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => random.Gaussian())];

        draws.Average().ShouldBe(0, tolerance: 0.02);
        draws.Average(d => d * d).ShouldBe(1, tolerance: 0.03);
    }
}
