using System.Globalization;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Datasets.Reidentification;

/// <summary>
/// Says whether a clip shows a patient of the training split: a head over frozen features, trained by contrast on one half of the training patients
/// and judged on the other, as EchoNet-Synthetic (arXiv 2406.00808) and EchoFlow train a network for it. The limit τ is a quantile
/// of how near the held-out patients' clips come to clips of others. No test clip takes part.
/// </summary>
internal sealed class PatientReidentification
{
    /// <summary>How a specification asks for the check.</summary>
    public const string Field = "filters.privacy.learnt";

    // A quantile of fewer than ten is a guess; one of 0.95 is above all that was seen unless there are 20.
    private const int FewestHeldOut = 10;
    private const double SmallestTail = 0.01;

    // Of each half; what more patients add is little against the minutes that their copies take.
    private const int MostPatients = 128;
    private const int ClipsPerPatient = 2;
    private const int CopiesPerClip = 4;

    // The same recording, encoded anew, under two names: it says nothing of how near strangers are.
    private const double SameRecording = 0.999;

    private readonly IClipFeatures? _features;
    private readonly ClipShape _shape;
    private readonly ContrastiveHead? _head;
    private readonly (DecodedClip Clip, double[] Vector)[] _training = [];

    private PatientReidentification(string notMade)
    {
        (_shape, Report) = (new ClipShape(), new ReidentificationReport { NotMade = notMade });
    }

    private PatientReidentification(
        IClipFeatures features, ClipShape shape, ContrastiveHead head, (DecodedClip, double[])[] training, ReidentificationReport report) =>
        (_features, _shape, _head, _training, Report) = (features, shape, head, training, report);

    /// <summary>What it is worth, or why there is none.</summary>
    public ReidentificationReport Report { get; }

    /// <summary>Trains it, or says why not.</summary>
    /// <param name="options">The privacy check.</param>
    /// <param name="features">Frozen features; null: there are none at hand.</param>
    /// <param name="training">The training clips.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="seed">Seed of halves, copies and head.</param>
    /// <param name="progress">Told how many of how many clips are looked at; awaited.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="InvalidInputException">The specification requires the check, and it cannot be made; the reason has the counts.</exception>
    public static async Task<PatientReidentification> TrainAsync(
        PrivacyFilterOptions options, IClipFeatures? features, IReadOnlyList<DecodedClip> training, ClipShape shape, int seed,
        Func<int, int, Task> progress, CancellationToken cancellationToken)
    {
        IGrouping<string, DecodedClip>[] patients =
        [
            .. training.GroupBy(clip => clip.Item.Group).OrderBy(own => PatientSplit.Fraction($"{seed} reidentification {own.Key}"))
                .ThenBy(own => own.Key, StringComparer.Ordinal),
        ];
        if (WhyNot(options, features, patients.Length) is { } reason)
        {
            return options.Learnt == true ? throw new InvalidInputException(Field, $"{reason}.") : new PatientReidentification(reason);
        }

        int half = Math.Min(MostPatients, patients.Length / 2);
        DecodedClip[][] fitted = [.. patients.Take(half).Select(own => own.Take(ClipsPerPatient).ToArray())];
        DecodedClip[] heldOut = [.. patients.Skip(half).Take(half).SelectMany(own => own.Take(ClipsPerPatient))];
        Dictionary<DecodedClip, double[]> seen = [];
        int total = training.Count + fitted.Sum(own => own.Length) + heldOut.Length;
        int done = 0;
        foreach (DecodedClip clip in training)
        {
            seen[clip] = features!.Of(await clip.ReadAsync(cancellationToken).ConfigureAwait(false), shape);
            await progress(++done, total).ConfigureAwait(false);
        }

        List<double[][]> rows = [];
        foreach (DecodedClip[] own in fitted)
        {
            List<double[]> clips = [];
            foreach (DecodedClip clip in own)
            {
                byte[] pixels = await clip.ReadAsync(cancellationToken).ConfigureAwait(false);
                Random random = Draws(seed, clip);
                clips.Add(seen[clip]);
                clips.AddRange(Enumerable.Range(0, CopiesPerClip).Select(_ => features!.Of(CopyView.Any(pixels, shape, random), shape)));
                await progress(++done, total).ConfigureAwait(false);
            }

            rows.Add([.. clips]);
        }

        ContrastiveHead head = await Task.Run(() => ContrastiveHead.Fit(rows, seed, cancellationToken), cancellationToken).ConfigureAwait(false);
        (DecodedClip Clip, double[] Vector)[] all = [.. training.Select(clip => (clip, head.Project(seen[clip])))];
        double limit = Quantile([.. heldOut.Select(clip => NearestStranger(clip, head.Project(seen[clip]), all))], options.Quantile);
        Dictionary<string, double> found = [];
        foreach (DecodedClip clip in heldOut)
        {
            byte[] pixels = await clip.ReadAsync(cancellationToken).ConfigureAwait(false);
            Random random = Draws(seed, clip);
            foreach (CopyAlteration alteration in Enum.GetValues<CopyAlteration>())
            {
                double[] vector = head.Project(features!.Of(CopyView.Of(pixels, shape, alteration, random), shape));
                string name = alteration.ToString().ToLowerInvariant();
                bool isFound = all.Max(one => ContrastiveHead.Cosine(vector, one.Vector)) > limit;
                found[name] = found.GetValueOrDefault(name) + ((isFound ? 1.0 : 0) / heldOut.Length);
            }

            await progress(++done, total).ConfigureAwait(false);
        }

        return new PatientReidentification(features!, shape, head, all, new ReidentificationReport
        {
            Features = features!.Name,
            FittedPatients = half,
            HeldOutPatients = heldOut.Select(clip => clip.Item.Group).Distinct(StringComparer.Ordinal).Count(),
            Limit = Math.Round(limit, 6),
            Found = found.ToDictionary(one => one.Key, one => Math.Round(one.Value, 4)),
        });
    }

    /// <summary>The training clip that a clip is most like.</summary>
    /// <param name="pixels">R, G, B bytes of all frames.</param>
    /// <returns>That clip and the cosine, −1 to 1; null: the check is not made.</returns>
    public (DecodedClip Clip, double Cosine)? Nearest(byte[] pixels)
    {
        if (_head is null)
        {
            return null;
        }

        double[] vector = _head.Project(_features!.Of(pixels, _shape));
        return _training.Select(one => (one.Clip, ContrastiveHead.Cosine(vector, one.Vector))).MaxBy(one => one.Item2);
    }

    private static string? WhyNot(PrivacyFilterOptions options, IClipFeatures? features, int patients)
    {
        if (options.Learnt == false)
        {
            return "it was turned off";
        }

        if (features is null)
        {
            return "there are no pretrained features at hand: the host has no weights of the imaging-modality classifier";
        }

        int needed = Math.Max(FewestHeldOut, (int)Math.Ceiling((1 / Math.Max(SmallestTail, 1 - options.Quantile)) - 1e-9));
        int half = patients / 2;
        return half >= needed ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"its limit would come from {half} held-out patients ({patients} in the training split, of which half train it), and the quantile "
                + $"{options.Quantile:0.###} needs {needed} or more, {2 * needed} in all");
    }

    private static double NearestStranger(DecodedClip clip, double[] vector, (DecodedClip Clip, double[] Vector)[] all) =>
        all.Where(one => one.Clip.Item.Group != clip.Item.Group
                && ClipDescriptor.Correlation(one.Clip.Descriptor, clip.Descriptor) < SameRecording)
            .Select(one => ContrastiveHead.Cosine(vector, one.Vector)).DefaultIfEmpty(-1).Max();

    private static double Quantile(double[] values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    // The same copies of a clip whatever else is in the data set.
    private static Random Draws(int seed, DecodedClip clip) =>
        new((int)(PatientSplit.Fraction($"{seed} copies {clip.Item.FileName}") * int.MaxValue));
}
