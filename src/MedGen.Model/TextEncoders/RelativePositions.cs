using static TorchSharp.torch;

namespace MedGen.Model.TextEncoders;

/// <summary>Relative positions of T5 (Raffel et al. 2020) in both directions: exact when near, in logarithmic buckets farther away.</summary>
internal static class RelativePositions
{
    /// <summary>Buckets of all pairs of positions.</summary>
    /// <param name="length">Number of tokens L.</param>
    /// <param name="numBuckets">Buckets in all; the upper half is for keys behind the query.</param>
    /// <param name="maxDistance">Distance from which on all positions share a bucket.</param>
    /// <returns>int64 [L, L]: row = query, column = key.</returns>
    public static Tensor Buckets(long length, int numBuckets, int maxDistance)
    {
        using var scope = NewDisposeScope();
        int half = numBuckets / 2;
        int exact = half / 2;
        Tensor positions = arange(length, ScalarType.Int64); // [L]
        Tensor relative = positions.unsqueeze(0) - positions.unsqueeze(1); // [L, L], key - query
        Tensor distance = relative.abs();
        // float32 and truncated, as in the reference: a bucket's edge falls on the other side in float64.
        Tensor far = log(distance.to(ScalarType.Float32) / exact) / Math.Log((double)maxDistance / exact) * (half - exact);
        Tensor farBucket = (exact + far.to(ScalarType.Int64)).clamp(max: half - 1); // log(0) at distance 0 is never picked
        Tensor bucket = where(distance < exact, distance, farBucket) + (relative > 0).to(ScalarType.Int64) * half;
        return bucket.MoveToOuterDisposeScope();
    }
}
