using System.Globalization;
using System.Text.Json;
using MedGen.Datasets.Reports;
using MedGen.Media;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pipelines;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using static TorchSharp.torch;

namespace MedGen.Evaluation.VBench.Clips;

/// <summary>
/// Makes the clips of a benchmark with a model, at the values that the model was made for. A clip that is there is not made again: a run that ended
/// in the middle goes on, but never with another model, seed or number of steps.
/// </summary>
/// <param name="writer">Writes the clips.</param>
internal sealed class ClipGeneration(IVideoWriter writer)
{
    private const string RunName = "generation.json";
    private const string ListName = "metadata.jsonl";

    /// <summary>Makes the clips.</summary>
    /// <param name="model">Folder of the model.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="options">Seed, clips for each prompt, steps.</param>
    /// <param name="folder">Folder for the clips, <c>metadata.jsonl</c> and <c>generation.json</c>.</param>
    /// <param name="progress">Told what is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops; finished clips stay.</param>
    /// <returns>How they were made.</returns>
    /// <exception cref="InvalidInputException">The folder holds clips that were made in another way.</exception>
    /// <exception cref="ModelFormatException">The model cannot be read.</exception>
    public async Task<ClipOrigin> MakeAsync(
        string model, IReadOnlyList<string> prompts, ClipGenerationOptions options, string folder, Action<string, double> progress,
        CancellationToken cancellationToken)
    {
        ModelFolder opened = ModelFolder.Open(model);
        GenerationDefaults defaults = opened.Defaults with { NumInferenceSteps = options.Steps ?? opened.Defaults.NumInferenceSteps };
        ClipOrigin origin = new()
        {
            Model = opened.Name,
            Hash = opened.ComputeHash(),
            Seed = options.Seed,
            ClipsPerPrompt = options.ClipsPerPrompt,
            Sampling = string.Create(
                CultureInfo.InvariantCulture,
                $"{defaults.Width} × {defaults.Height} px, {defaults.NumFrames} frames at {defaults.FramesPerSecond} a second; "
                    + $"{defaults.NumInferenceSteps} steps, guidance {defaults.GuidanceScale}, shift {defaults.Shift}; H.264, CRF 18"),
        };
        Claim(folder, origin);
        (string Name, string Prompt, long Seed)[] wanted =
        [
            .. from prompt in prompts.Index()
               from number in Enumerable.Range(0, options.ClipsPerPrompt)
               select (string.Create(CultureInfo.InvariantCulture, $"{prompt.Index + 1:0000}-{number}.mp4"), prompt.Item, options.Seed + number),
        ];
        Dictionary<string, string> listed = ReadList(folder);
        if (Array.Find(wanted, one => listed.TryGetValue(one.Name, out string? line) && line != Line(one)) is { Name: { } other })
        {
            throw new InvalidInputException("prompts", $"'{other}' in '{folder}' was made for another prompt; another folder is needed.");
        }

        // A clip that the list does not name was made just before a run was ended.
        (string Name, string Prompt, long Seed)[] missing =
            [.. wanted.Where(one => !listed.ContainsKey(one.Name) || !File.Exists(Path.Combine(folder, one.Name)))];
        if (missing.Length > 0)
        {
            using MedGenPipeline pipeline = MedGenPipeline.Open(opened, CPU, ScalarType.Float32);
            foreach ((int done, (string name, string prompt, long seed)) in missing.Index())
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress($"generating {name}", (double)done / missing.Length);
                VideoGenerationRequest request = defaults.ToRequest(prompt, seed);
                await writer.WriteAsync(
                    Path.Combine(folder, name), pipeline.Generate(request).ToAsyncEnumerable(),
                    new VideoEncoding { FramesPerSecond = request.FramesPerSecond, ProvenanceId = origin.Hash }, cancellationToken)
                    .ConfigureAwait(false);
                listed[name] = Line((name, prompt, seed));
                WholeFile.Write(Path.Combine(folder, ListName), string.Concat(listed.Values.Select(line => $"{line}\n")));
            }
        }

        return origin;
    }

    private static string Line((string Name, string Prompt, long Seed) clip) =>
        ReportJson.Line(new { file_name = clip.Name, prompt = clip.Prompt, seed = clip.Seed });

    // By the name of the clip; those of an earlier run with more prompts stay.
    private static Dictionary<string, string> ReadList(string folder)
    {
        string path = Path.Combine(folder, ListName);
        return File.Exists(path)
            ? File.ReadLines(path).ToDictionary(line => JsonDocument.Parse(line).RootElement.GetProperty("file_name").GetString()!)
            : [];
    }

    private static void Claim(string folder, ClipOrigin origin)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, RunName);
        string text = ReportJson.Text(origin);
        if (File.Exists(path) ? File.ReadAllText(path) != text : Directory.EnumerateFiles(folder, "*.mp4").Any())
        {
            throw new InvalidInputException(
                "out", $"'{folder}' has clips that another model made, or another seed or sampling ({RunName}); another folder is needed.");
        }

        WholeFile.Write(path, text);
    }
}
