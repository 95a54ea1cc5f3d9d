namespace UltrasoundAugmenter;

/// <summary>The options of a method, and what it does to a clip with them: another gain at each place of the picture.</summary>
internal interface IGainMethod
{
    /// <summary>Dynamic range of the picture in dB: that of a step from black to white.</summary>
    double DynamicRange { get; }

    /// <summary>How the beams lie in the picture.</summary>
    Probe Probe { get; }

    /// <summary>Refuses options that do not go together; each by itself is what the schema allows.</summary>
    /// <exception cref="MedGen.Sdk.Errors.InvalidInputException">They do not; the field is named.</exception>
    void Check()
    {
    }

    /// <summary>Draws what a clip undergoes.</summary>
    /// <param name="random">From the request's seed.</param>
    /// <param name="used">Takes what was drawn, for the manifest.</param>
    /// <returns>The change of gain in dB at a place.</returns>
    Func<BeamPoint, double> Draw(Random random, IDictionary<string, string> used);
}
