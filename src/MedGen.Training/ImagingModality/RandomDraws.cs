namespace MedGen.Training.ImagingModality;

/// <summary>Draws that <see cref="Random"/> lacks.</summary>
internal static class RandomDraws
{
    extension(Random random)
    {
        public bool Chance(double probability) => random.NextDouble() < probability;

        public double Range(double low, double high) => low + (random.NextDouble() * (high - low));

        public double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];
    }
}
