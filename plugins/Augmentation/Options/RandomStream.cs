namespace MedGen.Plugins.Augmentation.Options;

/// <summary>
/// Random numbers that depend on a seed and nothing else, whatever the runtime's version: SplitMix64 (Steele et al. 2014, doi
/// 10.1145/2660193.2660195).
/// </summary>
internal sealed class RandomStream(long seed)
{
    private ulong _state = (ulong)seed;
    private double? _spare;

    /// <summary>Uniform in [0, 1).</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Between(double low, double high) => low + ((high - low) * Next());

    /// <summary>Uniform in 0 … count − 1.</summary>
    public int Below(int count) => (int)(Next() * count);

    /// <summary>Standard normal, by the polar method of Marsaglia.</summary>
    public double Normal()
    {
        if (_spare is { } kept)
        {
            _spare = null;
            return kept;
        }

        double u, v, s;
        do
        {
            (u, v) = ((2 * Next()) - 1, (2 * Next()) - 1);
            s = (u * u) + (v * v);
        }
        while (s is >= 1 or 0);
        double factor = Math.Sqrt(-2 * Math.Log(s) / s);
        _spare = v * factor;
        return u * factor;
    }

    /// <summary>Beta(a, a) with a from 0.05 to 1, by Jöhnk's rejection.</summary>
    public double Beta(double a)
    {
        while (true)
        {
            (double x, double y) = (Math.Pow(Next(), 1 / a), Math.Pow(Next(), 1 / a));
            if (x + y is > 0 and <= 1)
            {
                return x / (x + y);
            }
        }
    }

    public ulong NextBits()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
