using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Procedures;

/// <summary>Draws the order and the lengths of the phases.</summary>
internal static class PhaseSequence
{
    private const double MinimumSeconds = 15; // of an unscaled phase
    private const double CleaningFirst = 0.25; // 3→5 rather than 3→4
    private const double CleaningAfterPackaging = 0.75; // 4→5 rather than 4→6
    private const double CleaningAfterRetraction = 0.1; // 6→5: a last look
    private const double MaximumDeviations = 3.5;

    /// <summary>Draws the segments of one procedure.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="options">Probabilities and scale.</param>
    /// <returns>Segments that cover the procedure, and the departures from the workflow graph.</returns>
    public static (List<ProcedureSegment> Segments, List<ProcedureDeviation> Deviations) Draw(Random random, CholecystectomyOptions options)
    {
        List<SurgicalPhase> order = DrawOrder(random, options, out List<(int Index, ProcedureDeviationKind Kind, SurgicalPhase Phase)> drawn);
        List<ProcedureSegment> segments = [];
        int start = 0;

        // A phase that comes several times shares one drawn duration, so that its total stays near the stated mean.
        Dictionary<SurgicalPhase, double> totals = order.Distinct().ToDictionary(p => p, p => DrawSeconds(random, p) * options.DurationScale);
        Dictionary<SurgicalPhase, int> runs = order.GroupBy(p => p).ToDictionary(g => g.Key, g => g.Count());
        foreach (SurgicalPhase phase in order)
        {
            int seconds = Math.Max(1, (int)Math.Round(totals[phase] / runs[phase]));
            segments.Add(new ProcedureSegment { Phase = phase, StartSecond = start, EndSecond = start + seconds });
            start += seconds;
        }

        List<ProcedureDeviation> deviations =
        [
            .. drawn.Select(
                d => new ProcedureDeviation
                {
                    Kind = d.Kind,
                    Phase = d.Phase,
                    Second = d.Index < segments.Count ? segments[d.Index].StartSecond : start,
                }),
        ];
        return (segments, deviations);
    }

    private static List<SurgicalPhase> DrawOrder(
        Random random, CholecystectomyOptions options, out List<(int Index, ProcedureDeviationKind Kind, SurgicalPhase Phase)> deviations)
    {
        deviations = [];
        List<SurgicalPhase> order = [];
        if (random.Chance(options.SkipProbability))
        {
            deviations.Add((0, ProcedureDeviationKind.SkippedPhase, SurgicalPhase.Preparation));
        }
        else
        {
            order.Add(SurgicalPhase.Preparation);
        }

        order.Add(SurgicalPhase.CalotTriangleDissection);
        order.Add(SurgicalPhase.ClippingCutting);
        if (random.Chance(options.ReturnProbability))
        {
            deviations.Add((order.Count, ProcedureDeviationKind.Return, SurgicalPhase.CalotTriangleDissection));
            order.AddRange([SurgicalPhase.CalotTriangleDissection, SurgicalPhase.ClippingCutting]);
        }

        order.Add(SurgicalPhase.GallbladderDissection);
        if (random.Chance(options.ReturnProbability))
        {
            deviations.Add((order.Count, ProcedureDeviationKind.Return, SurgicalPhase.ClippingCutting));
            order.AddRange([SurgicalPhase.ClippingCutting, SurgicalPhase.GallbladderDissection]);
        }

        if (random.Chance(CleaningFirst))
        {
            order.AddRange([SurgicalPhase.CleaningCoagulation, SurgicalPhase.GallbladderPackaging]);
        }
        else
        {
            order.Add(SurgicalPhase.GallbladderPackaging);
            if (random.Chance(CleaningAfterPackaging))
            {
                order.Add(SurgicalPhase.CleaningCoagulation);
            }
        }

        if (random.Chance(options.SkipProbability))
        {
            deviations.Add((order.Count, ProcedureDeviationKind.SkippedPhase, SurgicalPhase.GallbladderRetraction));
            return order;
        }

        order.Add(SurgicalPhase.GallbladderRetraction);
        if (random.Chance(CleaningAfterRetraction))
        {
            order.Add(SurgicalPhase.CleaningCoagulation);
        }

        return order;
    }

    // Log-normal with the stated mean and standard deviation; the tail is cut so that no phase outlasts the longest ones of Cholec80 by far.
    private static double DrawSeconds(Random random, SurgicalPhase phase)
    {
        double mean = CholecystectomyWorkflow.MeanSeconds(phase);
        double deviation = CholecystectomyWorkflow.DeviationSeconds(phase);
        double variance = Math.Log(1 + (deviation * deviation / (mean * mean)));
        double seconds = Math.Exp(Math.Log(mean) - (variance / 2) + (Math.Sqrt(variance) * random.Gaussian()));
        return Math.Clamp(seconds, MinimumSeconds, mean + (MaximumDeviations * deviation));
    }
}
