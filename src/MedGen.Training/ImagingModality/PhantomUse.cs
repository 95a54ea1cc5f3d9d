namespace MedGen.Training.ImagingModality;

/// <summary>Whether simulated pictures are trained on beside real ones. They are never tested on.</summary>
public enum PhantomUse
{
    /// <summary>Real pictures alone.</summary>
    None,

    /// <summary>Real and simulated pictures.</summary>
    Added,

    /// <summary>Simulated pictures alone; for comparison. Labels without a simulator stay untaught.</summary>
    Only,
}
