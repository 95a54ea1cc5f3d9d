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
    /// <param name="minPatients">Test patients that every class needs.</param>
    /// <param name="margin">A difference that is too small to matter.</param>
    public static string Rules(int minPatients, double margin) => string.Create(
        CultureInfo.InvariantCulture,
        $"An arm \"improves\" or \"worsens\" only when the 95 % interval of its difference to the baseline excludes 0, the paired sign-flip test "
            + $"over patients is below {Level} after Holm's correction, every class has at least {minPatients} test patients, and the baseline does "
            + $"not give one answer for all. An arm is \"equivalent\" when the 90 % interval of its difference lies within ±{margin}, a difference "
            + $"that was held to be too small to matter before anything was measured. Otherwise no difference is shown, which is not the same as "
            + $"none: what could have been missed is stated. Or nothing can be said.");

    /// <summary>One sentence on an arm.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="spec">The study.</param>
    /// <param name="isBaselineConstant">Whether the baseline gives one answer for all at this share.</param>
    /// <param name="fewestPatients">Test patients of the class that has fewest.</param>
    public static string Of(ArmResult arm, StudySpec spec, bool isBaselineConstant, int fewestPatients)
    {
        if (fewestPatients < spec.MinTestPatients)
        {
            return $"{Nothing}: a class has {fewestPatients} test patients, and {spec.MinTestPatients} are needed";
        }

        if (isBaselineConstant)
        {
            return $"{Nothing}: the baseline gives one answer for all test clips, so any other classifier differs from it";
        }

        bool isSignificant = arm.AdjustedP < Level;
        return arm.DifferenceLow > 0 && isSignificant ? "improves"
            : arm.DifferenceHigh < 0 && isSignificant ? "worsens"
            : arm.IsEquivalent ? string.Create(CultureInfo.InvariantCulture, $"equivalent within ±{spec.EquivalenceMargin}")
            : string.Create(
                CultureInfo.InvariantCulture, $"no difference is shown; one of less than {arm.MinDetectable:0.000} may have been missed");
    }
}
