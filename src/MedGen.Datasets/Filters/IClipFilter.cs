namespace MedGen.Datasets.Filters;

/// <summary>One reason to refuse a made clip.</summary>
internal interface IClipFilter
{
    /// <summary>Name of its scores and of its refusals.</summary>
    string Name { get; }

    /// <summary>Looks at a clip; writes its scores whether the clip passes or not.</summary>
    /// <returns>Why it is refused; null: it passes.</returns>
    string? Judge(CandidateClip clip, IDictionary<string, double> scores);

    /// <summary>Told of each clip that passed all filters, in order.</summary>
    void Keep(string? prompt, float[] descriptor)
    {
    }
}
