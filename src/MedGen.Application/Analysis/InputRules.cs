using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Application.Analysis;

/// <summary>Whether clips are what an analyzer takes.</summary>
internal static class InputRules
{
    /// <summary>Checks the roles of stored clips: each that the description has, once.</summary>
    public static void Check(AnalyzerDescription description, IReadOnlyList<AnalysisInput> inputs, Violations violations)
    {
        foreach (AnalyzerInput wanted in description.Inputs)
        {
            int given = inputs.Count(input => RoleOf(description, input) == wanted.Role);
            violations.Require(given == 1, "inputs", $"has {given} clips for the role {wanted.Role}", $"one");
            violations.Require(wanted.Stored, "inputs", $"has a stored clip", $"a live one only, as this analyzer takes no other");
        }

        for (int i = 0; i < inputs.Count; i++)
        {
            violations.OneOf(
                $"inputs[{i}].role", RoleOf(description, inputs[i]) ?? "", [.. description.Inputs.Select(wanted => wanted.Role)]);
        }
    }

    /// <summary>Checks that an analyzer takes live frames of a size.</summary>
    public static void CheckLive(AnalyzerDescription description, VideoInfo info, Violations violations)
    {
        AnalyzerInput input = description.Inputs[0];
        violations.Require(input.Live, "task", $"is served by an analyzer of stored clips", $"a task with live ones");
        violations.Require(info.Width >= input.LeastSide, "width", $"got {info.Width}", $"at least {input.LeastSide}");
        violations.Require(info.Height >= input.LeastSide, "height", $"got {info.Height}", $"at least {input.LeastSide}");
    }

    /// <summary>Checks the size, length and pixels of an opened clip.</summary>
    public static void Check(AnalyzerInput wanted, VideoInfo info, string field, Violations violations)
    {
        violations.Require(
            info.Width >= wanted.LeastSide && info.Height >= wanted.LeastSide, field, $"is {info.Width}x{info.Height} px",
            $"at least {wanted.LeastSide} px a side");
        IReadOnlyList<FrameFormat> formats = FormattedClip.FormatsOf(info);
        violations.Require(
            wanted.Formats.Any(formats.Contains), field, $"has frames in {string.Join(", ", formats)}", $"{string.Join(", ", wanted.Formats)}");
        violations.Require(!(info.FrameCount < wanted.LeastFrames), field, $"has {info.FrameCount} frames", $"at least {wanted.LeastFrames}");
    }

    /// <summary>Role of a clip; null: the analyzer takes several, and none is stated.</summary>
    public static string? RoleOf(AnalyzerDescription description, AnalysisInput input) =>
        input.Role ?? (description.Inputs.Count == 1 ? description.Inputs[0].Role : null);
}
