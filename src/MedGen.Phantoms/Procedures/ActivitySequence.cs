using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Procedures;

/// <summary>
/// Fills the segments with activities and instruments. Weights and probabilities are set so that the shares of frames with each instrument come near
/// Cholec80's (grasper and hook a little over one half, each other instrument 2 to 6 %) and so that an instrument shows in the phases where Cholec80
/// has it.
/// </summary>
internal static class ActivitySequence
{
    private const int FirstOutOfBodySecond = 5;
    private const double SecondsPerCount = 2400;

    private static readonly Dictionary<SurgicalPhase, Choice[]> Choices = new()
    {
        [SurgicalPhase.Preparation] =
        [
            new(SurgicalActivity.Inspection, 0.4, 14), new(SurgicalActivity.Retraction, 0.5, 20), new(SurgicalActivity.HookDissection, 0.07, 12),
            new(SurgicalActivity.BipolarCoagulation, 0.03, 8),
        ],
        [SurgicalPhase.CalotTriangleDissection] =
        [
            new(SurgicalActivity.HookDissection, 0.78, 60), new(SurgicalActivity.Retraction, 0.1, 14), new(
                SurgicalActivity.InstrumentExchange, 0.05, 8),
            new(SurgicalActivity.BipolarCoagulation, 0.04, 15), new(SurgicalActivity.Irrigation, 0.015, 12), new(SurgicalActivity.Cutting, 0.015, 10),
        ],
        [SurgicalPhase.GallbladderDissection] =
        [
            new(SurgicalActivity.HookDissection, 0.8, 60), new(SurgicalActivity.Retraction, 0.08, 12), new(
                SurgicalActivity.InstrumentExchange, 0.04, 8),
            new(SurgicalActivity.BipolarCoagulation, 0.04, 15), new(SurgicalActivity.Irrigation, 0.03, 15), new(SurgicalActivity.Cutting, 0.01, 8),
        ],
        [SurgicalPhase.CleaningCoagulation] =
        [
            new(SurgicalActivity.Irrigation, 0.5, 25), new(SurgicalActivity.BipolarCoagulation, 0.28, 18), new(SurgicalActivity.Inspection, 0.15, 10),
            new(SurgicalActivity.InstrumentExchange, 0.07, 7),
        ],
    };

    // Clipping and cutting, packaging and retraction follow a script; shares of the segment.
    private static readonly (SurgicalActivity Activity, double Share)[] ClippingScript =
    [
        (SurgicalActivity.InstrumentExchange, 0.1), (SurgicalActivity.ClipApplication, 0.16), (SurgicalActivity.InstrumentExchange, 0.05),
        (SurgicalActivity.ClipApplication, 0.16), (SurgicalActivity.InstrumentExchange, 0.06), (SurgicalActivity.Cutting, 0.14),
        (SurgicalActivity.ClipApplication, 0.16), (SurgicalActivity.InstrumentExchange, 0.05), (SurgicalActivity.Cutting, 0.12),
    ];

    private static readonly (SurgicalActivity Activity, double Share)[] PackagingScript =
    [
        (SurgicalActivity.Retraction, 0.14), (SurgicalActivity.BagIntroduction, 0.26), (SurgicalActivity.BagFilling, 0.6),
    ];

    private static readonly (SurgicalActivity Activity, double Share)[] RetractionScript =
    [
        (SurgicalActivity.Retraction, 0.1), (SurgicalActivity.BagExtraction, 0.75), (SurgicalActivity.Inspection, 0.15),
    ];

    /// <summary>Draws the activities of one procedure.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="segments">The phases.</param>
    /// <param name="options">How often the camera leaves the body.</param>
    /// <returns>Activities that cover the procedure.</returns>
    public static List<ActivityInterval> Draw(Random random, IReadOnlyList<ProcedureSegment> segments, CholecystectomyOptions options)
    {
        List<ActivityInterval> activities = [];
        foreach (ProcedureSegment segment in segments)
        {
            activities.AddRange(segment.Phase switch
            {
                SurgicalPhase.ClippingCutting => FromScript(random, segment, ClippingScript),
                SurgicalPhase.GallbladderPackaging => FromScript(random, segment, PackagingScript),
                SurgicalPhase.GallbladderRetraction => FromScript(random, segment, RetractionScript),
                _ => FromChoices(random, segment, Choices[segment.Phase]),
            });
        }

        int count = Poisson(random, options.OutOfBodyCount * segments[^1].EndSecond / SecondsPerCount);
        for (int i = 0; i < count; i++)
        {
            activities = WithOutOfBody(
                activities, random.Next(FirstOutOfBodySecond, Math.Max(FirstOutOfBodySecond + 1, segments[^1].EndSecond)), random.Next(10, 40));
        }

        return activities;
    }

    private static IEnumerable<ActivityInterval> FromChoices(Random random, ProcedureSegment segment, Choice[] choices)
    {
        int start = segment.StartSecond;
        while (start < segment.EndSecond)
        {
            Choice choice = Pick(random, choices);
            int end = Math.Min(segment.EndSecond, start + Math.Max(3, (int)(choice.MeanSeconds * random.Range(0.4, 1.6))));
            yield return Interval(random, choice.Activity, start, end);
            start = end;
        }
    }

    private static IEnumerable<ActivityInterval> FromScript(
        Random random, ProcedureSegment segment, (SurgicalActivity Activity, double Share)[] script)
    {
        double[] shares = [.. script.Select(s => s.Share * random.Range(0.6, 1.4))];
        double sum = shares.Sum();
        double passed = 0;
        int start = segment.StartSecond;
        for (int i = 0; i < script.Length; i++)
        {
            passed += shares[i] / sum;
            int end = i == script.Length - 1 ? segment.EndSecond : segment.StartSecond + (int)Math.Round(passed * segment.Seconds);
            if (end > start)
            {
                yield return Interval(random, script[i].Activity, start, end);
                start = end;
            }
        }
    }

    // By sojourn time: an activity's share of the time is its weight, so it is chosen in proportion to weight / mean length.
    private static Choice Pick(Random random, Choice[] choices)
    {
        double at = random.NextDouble() * choices.Sum(c => c.Share / c.MeanSeconds);
        foreach (Choice choice in choices)
        {
            at -= choice.Share / choice.MeanSeconds;
            if (at < 0)
            {
                return choice;
            }
        }

        return choices[^1];
    }

    private static ActivityInterval Interval(Random random, SurgicalActivity activity, int start, int end)
    {
        (SurgicalTools active, double grasper) = activity switch
        {
            SurgicalActivity.Inspection => (SurgicalTools.None, 0.3),
            SurgicalActivity.InstrumentExchange => (SurgicalTools.None, 0.6),
            SurgicalActivity.Retraction => (SurgicalTools.Grasper, 1),
            SurgicalActivity.HookDissection => (SurgicalTools.Hook, 0.68),
            SurgicalActivity.BipolarCoagulation => (SurgicalTools.Bipolar, 0.6),
            SurgicalActivity.Cutting => (SurgicalTools.Scissors, 0.7),
            SurgicalActivity.ClipApplication => (SurgicalTools.Clipper, 0.7),
            SurgicalActivity.Irrigation => (SurgicalTools.Irrigator, 0.55),
            SurgicalActivity.BagIntroduction => (SurgicalTools.SpecimenBag, 0.6),
            SurgicalActivity.BagFilling => (SurgicalTools.SpecimenBag, 0.85),
            SurgicalActivity.BagExtraction => (SurgicalTools.SpecimenBag, 0.5),
            _ => throw new ArgumentOutOfRangeException(nameof(activity), activity, "Unknown activity."),
        };
        SurgicalTools tools = active | (random.Chance(grasper) ? SurgicalTools.Grasper : SurgicalTools.None);
        return new ActivityInterval { Activity = activity, StartSecond = start, EndSecond = end, Tools = tools };
    }

    // Cuts a stretch out of the activities; the pieces on both sides keep their instruments.
    private static List<ActivityInterval> WithOutOfBody(List<ActivityInterval> activities, int start, int seconds)
    {
        List<ActivityInterval> result = [];
        int end = start + seconds;
        foreach (ActivityInterval activity in activities)
        {
            int from = Math.Max(start, activity.StartSecond);
            int to = Math.Min(end, activity.EndSecond);
            if (from >= to)
            {
                result.Add(activity);
                continue;
            }

            if (activity.StartSecond < from)
            {
                result.Add(activity with { EndSecond = from });
            }

            result.Add(activity with { StartSecond = from, EndSecond = to, Tools = SurgicalTools.None, IsOutOfBody = true });
            if (to < activity.EndSecond)
            {
                result.Add(activity with { StartSecond = to });
            }
        }

        return result;
    }

    private static int Poisson(Random random, double mean)
    {
        double limit = Math.Exp(-mean);
        int count = 0;
        for (double product = random.NextDouble(); product > limit; product *= random.NextDouble())
        {
            count++;
        }

        return count;
    }

    private sealed record Choice(SurgicalActivity Activity, double Share, double MeanSeconds);
}
