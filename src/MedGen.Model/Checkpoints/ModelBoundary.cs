namespace MedGen.Model.Checkpoints;

/// <summary>Where the second of two experts takes over, as a share of the timesteps, if no file states it.</summary>
internal static class ModelBoundary
{
    /// <summary>Of T2V-A14B and I2V-A14B (Wan2.2 <c>wan/configs/wan_t2v_A14B.py</c>, <c>wan_i2v_A14B.py</c>).</summary>
    /// <param name="needsFirstFrame">Whether it makes clips from pictures.</param>
    public static double Released(bool needsFirstFrame) => needsFirstFrame ? 0.9 : 0.875;
}
