using System.Globalization;
using MedGen.Phantoms;

namespace MedGen.Training.Clips;

/// <summary>Something that is true of a clip and that words may say: one of a few values under a name.</summary>
/// <param name="Name">For instance <c>kind</c> or <c>xa finding</c>.</param>
/// <param name="Value">For instance <c>stenosis</c>.</param>
internal readonly record struct ClipFact(string Name, string Value)
{
    private const int NumberRanges = 10;

    /// <summary>The modality, under the name that all sources share.</summary>
    public static ClipFact Modality(string code) => new("modality", code);

    /// <summary>What is true of a simulated clip: modality, kind, label, and every parameter; of a number, the tenth of its range.</summary>
    public static IReadOnlyList<ClipFact> Of(IPhantom phantom, PhantomTruth truth) =>
    [
        Modality(truth.Modality),
        new ClipFact("kind", phantom.Kind),
        new ClipFact($"{phantom.Kind} label", truth.Label),
        .. phantom.Parameters.Select(parameter => new ClipFact($"{phantom.Kind} {parameter.Name}", ValueOf(parameter, truth.Values[parameter.Name]))),
    ];

    private static string ValueOf(PhantomParameter parameter, string text)
    {
        if (parameter.Words.Count > 0)
        {
            return text;
        }

        double place = (double.Parse(text, CultureInfo.InvariantCulture) - parameter.Minimum) / (parameter.Maximum - parameter.Minimum);
        return Math.Clamp((int)(place * NumberRanges), 0, NumberRanges - 1).ToString(CultureInfo.InvariantCulture);
    }
}
