namespace MedGen.Sdk.Generation;

/// <summary>How the flow is integrated from noise to picture.</summary>
public enum GenerationScheduler
{
    /// <summary>Wan's UniPC multistep, order 2 (Wan2.1 <c>fm_solvers_unipc.py</c>).</summary>
    UniPC,

    /// <summary>Wan's DPM-Solver++ 2M (Wan2.1 <c>fm_solvers.py</c>).</summary>
    DpmPlusPlus,

    /// <summary>Flow-matching Euler as DiffSynth-Studio uses it with Wan fine-tunes.</summary>
    Euler,

    /// <summary>UniPC as in diffusers' <c>UniPCMultistepScheduler</c> with flow sigmas.</summary>
    DiffusersUniPC,

    /// <summary>Few-step sampling of a model distilled by distribution matching (DMD); guidance is off.</summary>
    Dmd,

    /// <summary>
    /// Euler at the noise levels of LightX2V's 4-step distillations (1, 0.9375, 0.8333, 0.625: shift 5); guidance is off. With another number of
    /// steps the request's shift counts.
    /// </summary>
    LightX2V,
}
