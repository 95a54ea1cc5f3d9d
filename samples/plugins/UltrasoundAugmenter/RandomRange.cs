namespace UltrasoundAugmenter;

internal static class RandomRange
{
    /// <summary>Uniform between two numbers.</summary>
    public static double Between(this Random random, double low, double high) => low + ((high - low) * random.NextDouble());
}
