using System.Text;
using MedGen.Datasets.Specifications;
using MedGen.Sdk.Errors;

namespace MedGen.Curation.Specifications;

/// <summary>Reads and checks a specification.</summary>
public static class CurationSpecReader
{
    private const string Field = "spec";

    /// <summary>Reads a file; folders in it become absolute.</summary>
    /// <param name="path">The JSON file; null: all defaults.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="InvalidInputException">The file is missing or no JSON object, a key is unknown, or values are out of range; all are
    /// named.</exception>
    public static CurationSpec Read(string? path)
    {
        if (path is null)
        {
            return Check(new CurationSpec());
        }

        CurationSpec spec = SpecificationJson.Read<CurationSpec>(path, Field);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return Check(spec with
        {
            Scorers = [.. spec.Scorers.Select(one => one with { Folder = Path.GetFullPath(one.Folder, folder) })],
            Detectors = [.. spec.Detectors.Select(one => one with { Folder = Path.GetFullPath(one.Folder, folder) })],
        });
    }

    /// <summary>Reads a specification that came as text; folders in it are whole paths.</summary>
    /// <param name="json">The JSON; empty: all defaults.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="InvalidInputException">It is no JSON object, a key is unknown, or values are out of range; all are named.</exception>
    public static CurationSpec Parse(string json) =>
        Check(string.IsNullOrWhiteSpace(json) ? new CurationSpec() : SpecificationJson.Parse<CurationSpec>(Encoding.UTF8.GetBytes(json), Field));

    /// <summary>Checks the ranges.</summary>
    /// <param name="spec">The specification.</param>
    /// <returns>The same.</returns>
    /// <exception cref="InvalidInputException">Values are out of range; all are named.</exception>
    public static CurationSpec Check(CurationSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Violations violations = new();
        violations.Declared(spec);
        violations.Require(
            spec.Coherence.MaxSeconds >= spec.Coherence.MinSeconds, "coherence.max_seconds", $"got {spec.Coherence.MaxSeconds} s",
            $"at least min_seconds ({spec.Coherence.MinSeconds} s)");
        violations.Require(spec.Shots.Bright > spec.Shots.Dark, "shots.bright", $"got {spec.Shots.Bright}", $"above dark ({spec.Shots.Dark})");
        violations.Require(
            spec.Split.Validation + spec.Split.Test < 1, "split", $"got {spec.Split.Validation} + {spec.Split.Test}",
            $"shares that leave clips to train on");
        CheckCaptions(spec.Captions, violations);
        string[] names = [.. spec.Scorers.Select(one => one.Name), .. spec.Detectors.Select(one => one.Name)];
        foreach (string twice in names.GroupBy(name => name, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key))
        {
            violations.Add("scorers", $"the name '{twice}' is there twice; each score and flag has a name of its own.");
        }

        violations.ThrowIfAny();
        return spec;
    }

    private static void CheckCaptions(CaptionSpec captions, Violations violations)
    {
        bool asks = captions.Type == CaptionType.Endpoint;
        violations.Require(
            !asks || captions.Url is { IsAbsoluteUri: true, Scheme: "http" or "https" }, "captions.url", $"got no such address",
            $"http:// or https://, with type endpoint");
        violations.Require(!asks || !string.IsNullOrWhiteSpace(captions.Model), "captions.model", $"got nothing", $"a name, with type endpoint");
        violations.Require(asks || captions.Url is null, "captions.url", $"got one with type rules", $"only with type endpoint");
        violations.Require(asks || captions.Model is null, "captions.model", $"got one with type rules", $"only with type endpoint");
        violations.Require(asks || captions.KeyVariable is null, "captions.key_variable", $"got one with type rules", $"only with type endpoint");
    }
}
