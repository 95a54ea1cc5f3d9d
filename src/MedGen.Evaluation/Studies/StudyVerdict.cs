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
    /// <param name="outcome">What is answered.</param>
    public static string Rules(int minPatients, double margin, StudyOutcome outcome)
    {
        bool isNumber = outcome == StudyOutcome.Number;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(isNumber ? "Arms are compared by their mean absolute error: less is better. " : "")}An arm \"improves\" or \"worsens\" only when "
                + $"the 95 % interval of its difference to the baseline excludes 0, the paired sign-flip test over patients is below {Level} after "
                + $"Holm's correction, {(isNumber ? "there are" : "every class has")} at least {minPatients} test patients, and the baseline does "
                + $"not give one answer for all. An arm is \"equivalent\" when the 90 % interval of its difference lies within ±{margin}, a "
                + $"difference that was held to be too small to matter before anything was measured. Otherwise no difference is shown, which is not "
                + $"the same as none: what could have been missed is stated. Or nothing can be said.");
    }

    /// <summary>One sentence on an arm.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="spec">The study.</param>
    /// <param name="isBaselineConstant">Whether the baseline gives one answer for all at this share.</param>
    /// <param name="fewestPatients">Test patients of the class that has fewest, or all where the outcome is a number.</param>
    public static string Of(ArmResult arm, StudySpec spec, bool isBaselineConstant, int fewestPatients)
    {
        if (fewestPatients < spec.MinTestPatients)
        {
            string whose = spec.Outcome == StudyOutcome.Number ? "there are" : "a class has";
            return $"{Nothing}: {whose} {fewestPatients} test patients, and {spec.MinTestPatients} are needed";
        }

        if (isBaselineConstant)
        {
            return $"{Nothing}: the baseline gives one answer for all test clips, so any other differs from it";
        }

        bool isSignificant = arm.AdjustedP < Level;
        (string more, string less) = spec.Outcome == StudyOutcome.Number ? ("worsens", "improves") : ("improves", "worsens");
        return arm.DifferenceLow > 0 && isSignificant ? more
            : arm.DifferenceHigh < 0 && isSignificant ? less
            : arm.IsEquivalent ? string.Create(CultureInfo.InvariantCulture, $"equivalent within ±{spec.Margin}")
            : string.Create(
                CultureInfo.InvariantCulture, $"no difference is shown; one of less than {arm.MinDetectable:0.000} may have been missed");
    }
}
