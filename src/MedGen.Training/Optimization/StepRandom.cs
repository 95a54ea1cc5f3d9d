using static TorchSharp.torch;

namespace MedGen.Training.Optimization;

/// <summary>
/// Random numbers that depend on nothing but seed, purpose, step and position: the step number alone is the state of all randomness, whatever the
/// number of threads and wherever a run was interrupted.
/// </summary>
internal static class StepRandom
{
    /// <summary>A generator for plain code.</summary>
    public static Random Create(int seed, string purpose, int step, int position = 0) => new((int)(Mix(seed, purpose, step, position) & 0x7FFF_FFFF));

    /// <summary>A generator for tensors on the CPU: the same numbers whatever the device.</summary>
    public static Generator CreateGenerator(int seed, string purpose, int step, int position = 0) => new(Mix(seed, purpose, step, position), CPU);

    // System.HashCode differs between processes. The mixing steps are those of SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(int seed, string purpose, int step, int position)
    {
        ulong state = (uint)seed;
        foreach (ulong part in purpose.Select(letter => (ulong)letter).Append((uint)step).Append((uint)position))
        {
            state = unchecked((state ^ part) + 0x9E37_79B9_7F4A_7C15);
            state = unchecked((state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9);
            state = unchecked((state ^ (state >> 27)) * 0x94D0_49BB_1331_11EB);
            state ^= state >> 31;
        }

        return state;
    }
}
