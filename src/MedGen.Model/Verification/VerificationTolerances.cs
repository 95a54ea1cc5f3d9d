namespace MedGen.Model.Verification;

/// <summary>
/// Largest absolute differences in float32 that count as equal. An independent float64 version agrees with the fixtures to 8e-6; the smallest real
/// mistake known, the wrong GELU, costs 5e-4.
/// </summary>
internal static class VerificationTolerances
{
    public const double Exact = 0;
    public const double Output = 1e-4;
    public const double Sigmas = 1e-6;
    public const double Picture = 1e-6;
    public const double FractionalTimesteps = 1e-3;
    public const double PipelineLatents = 5e-4;
    public const double PipelineVideo = 1e-3;
}
