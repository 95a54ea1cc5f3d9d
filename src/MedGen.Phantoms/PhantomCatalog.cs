using MedGen.Sdk.Errors;
using MedGen.Phantoms.Endoscopy.Laparoscopy;
using MedGen.Phantoms.Endoscopy.Lumens;
using MedGen.Phantoms.Histology;
using MedGen.Phantoms.Ophthalmology;

namespace MedGen.Phantoms;

/// <summary>Every kind of clip that can be simulated.</summary>
public static class PhantomCatalog
{
    /// <summary>All kinds, by name.</summary>
    public static IReadOnlyList<IPhantom> All { get; } = [.. Create().OrderBy(p => p.Kind, StringComparer.Ordinal)];

    /// <summary>The simulator of a kind.</summary>
    /// <param name="kind">Name of the kind, for instance <c>us-cardiac</c>.</param>
    /// <returns>The simulator.</returns>
    /// <exception cref="InvalidInputException">There is no such kind; the message lists those that there are.</exception>
    public static IPhantom Get(string kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return All.FirstOrDefault(p => p.Kind == kind)
            ?? throw new InvalidInputException("kind", $"got '{kind}'; allowed: {string.Join(", ", All.Select(p => p.Kind))}.");
    }

    // One line per kind.
    private static IEnumerable<IPhantom> Create() =>
    [
        new Ultrasound.CardiacUltrasoundPhantom(),
        new Ultrasound.LungUltrasoundPhantom(),
        new ComputedTomography.CtPhantom(),
        new MagneticResonance.BrainMrPhantom(),
        new Radiography.ChestRadiographPhantom(),
        new Angiography.AngiographyPhantom(),
        new BronchoscopyPhantom(),
        new ColonoscopyPhantom(),
        new FundusPhantom(),
        new HistologyPhantom(),
        new LaparoscopyPhantom(),
        new OctPhantom(),
    ];
}
