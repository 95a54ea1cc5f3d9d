namespace MedGen.Bench.Serving;

/// <summary>Measured times in seconds.</summary>
internal sealed class Samples(IEnumerable<double> seconds)
{
    private readonly double[] _sorted = [.. seconds.Order()];

    public double Median => At(0.5);

    public double Longest => _sorted[^1];

    /// <summary>The value that so large a share of the samples does not exceed.</summary>
    public double At(double share) => _sorted[(int)Math.Ceiling(share * _sorted.Length) - 1];
}
