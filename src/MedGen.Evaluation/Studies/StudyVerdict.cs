using System.Globalization;

namespace MedGen.Evaluation.Studies;

/// <summary>What may be said of an arm, by rules that do not know what was hoped for.</summary>
internal static class StudyVerdict
{
    /// <summary>Level of the tests after Holm's correction.</summary>
    public const double Level = 0.05;

    /// <summary>How a verdict begins that is none.</summary>
    public const string Nothing = "nothing can be said";

    /// <summary>The rules, as the report states them.</summary>
    public static string Rules(int minPatients) =>
        "An arm \"improves\" or \"worsens\" only when the 95 % interval of its difference to the baseline excludes 0, the paired test after Holm's "
        + $"correction is below {Level.ToString(CultureInfo.InvariantCulture)}, "
        + $"every class has at least {minPatients} test patients, and the baseline does not give one answer for all. Otherwise no difference is "
        + "shown, or nothing can be said.";

    /// <summary>One sentence on an arm.</summary>
    public static string Of(ArmResult arm, bool isBaselineConstant, int fewestPatients, int minPatients)
    {
        if (fewestPatients < minPatients)
        {
            return $"{Nothing}: a class has {fewestPatients} test patients, and {minPatients} are needed";
        }

        if (isBaselineConstant)
        {
            return $"{Nothing}: the baseline gives one answer for all test clips, so any other classifier differs from it";
        }

        bool isSignificant = arm.AdjustedP < Level;
        return arm.DifferenceLow > 0 && isSignificant ? "improves" : arm.DifferenceHigh < 0 && isSignificant ? "worsens" : "no difference is shown";
    }
}
