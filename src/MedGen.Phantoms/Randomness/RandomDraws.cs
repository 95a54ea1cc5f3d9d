namespace MedGen.Phantoms.Randomness;

/// <summary>Draws that <see cref="Random"/> lacks.</summary>
public static class RandomDraws
{
    /// <summary>Draws for <paramref name="random"/>.</summary>
    /// <param name="random">The generator.</param>
    extension(Random random)
    {
        /// <summary>True with the given probability.</summary>
        /// <param name="probability">0 to 1.</param>
        /// <returns>The draw.</returns>
        public bool Chance(double probability) => random.NextDouble() < probability;

        /// <summary>A number uniform in [low, high).</summary>
        /// <param name="low">Lower bound.</param>
        /// <param name="high">Upper bound.</param>
        /// <returns>The draw.</returns>
        public double Range(double low, double high) => low + (random.NextDouble() * (high - low));

        /// <summary>A number from the standard normal distribution.</summary>
        /// <returns>The draw.</returns>
        public double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        /// <summary>One of the items, each as likely.</summary>
        /// <typeparam name="T">Type of an item.</typeparam>
        /// <param name="items">At least one.</param>
        /// <returns>The draw.</returns>
        public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];
    }
}
