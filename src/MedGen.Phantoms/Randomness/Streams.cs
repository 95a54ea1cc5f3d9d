namespace MedGen.Phantoms.Randomness;

/// <summary>
/// Independent generators that are derived from one seed by name and number, so that no draw depends on which draws were made before it.
/// </summary>
internal static class Streams
{
    /// <summary>A generator of its own.</summary>
    /// <param name="seed">Seed of the clip.</param>
    /// <param name="purpose">What it is for; another purpose gives another generator.</param>
    /// <param name="index">For instance the frame's index.</param>
    /// <returns>The generator.</returns>
    public static Random Create(int seed, string purpose, int index = 0) => new(Seed(seed, purpose, index));

    /// <summary>A seed of its own, for instance of a noise field.</summary>
    /// <param name="seed">Seed of the clip.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="index">For instance the frame's index.</param>
    /// <returns>The seed.</returns>
    public static int Seed(int seed, string purpose, int index = 0)
    {
        // string.GetHashCode differs from process to process; FNV-1a does not.
        uint hash = 2166136261;
        foreach (char letter in purpose)
        {
            hash = (hash ^ letter) * 16777619;
        }

        return (int)Mix(Mix(Mix((uint)seed) ^ hash) ^ (uint)index);
    }

    /// <summary>Spreads the bits of a number (the finalizer of MurmurHash3).</summary>
    /// <param name="bits">Any number.</param>
    /// <returns>Bits that look drawn at random.</returns>
    public static uint Mix(uint bits)
    {
        bits = (bits ^ (bits >> 16)) * 0x85EBCA6B;
        bits = (bits ^ (bits >> 13)) * 0xC2B2AE35;
        return bits ^ (bits >> 16);
    }
}
