using MedGen.Application.Curation;
using MedGen.Curation.Results;
using MedGen.Curation.Running;
using MedGen.Curation.Specifications;
using MedGen.Media;
using MedGen.Media.Cutting;
using MedGen.PluginHost.Loading;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Curation;

/// <summary>
/// Curations of callers from elsewhere. What a specification names of this machine or of others (networks, caption services, keys) is used only where
/// the host's settings name it, too: a caller must reach nothing through the host that it could not reach itself.
/// </summary>
internal sealed class HostCurator(MedGenHostOptions options, IVideoReader reader, IVideoCutter cutter, TimeProvider time) : IVideoCurator
{
    // What a caller may have sent to a caption service as its key.
    private const string KeyPrefix = "MEDGEN_CAPTION_";

    private static readonly Dictionary<string, string> Fields = new(StringComparer.Ordinal)
    {
        ["in"] = "data_folder", ["list"] = "list_file", ["out"] = "output_folder",
    };

    public void Check(string spec) => Read(spec);

    public async Task<VideosCurated> CurateAsync(CurationOrder order, Action<CurationAdvance> progress, CancellationToken cancellationToken)
    {
        CurationTask task = new()
        {
            Input = order.Input,
            List = order.List,
            Output = order.Output,
            Spec = Read(order.Spec),
            Mode = order.Mode,
            RunId = order.RunId,
            ModalityWeights = Features.ModalityWeights.Find(options),
            OpenAnalyzer = OnnxFolder.Open,
            Workers = options.Curation.Workers,
        };
        try
        {
            return ToPayload(await new CurationRun(reader, cutter, time).RunAsync(
                task, state => progress(new CurationAdvance(state.Share, state.Remaining)), cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidInputException wrong)
        {
            throw new InvalidInputException([.. wrong.Violations.Select(v => v with { Field = Fields.GetValueOrDefault(v.Field, v.Field) })]);
        }
    }

    private static VideosCurated ToPayload(CurationSummary summary) => new()
    {
        Films = summary.Films,
        Clips = summary.Clips,
        Seconds = summary.Seconds,
        Splits = summary.Splits,
        Funnel = [.. summary.Funnel.Select(row => new CurationStep(row.Stage, row.Unit, row.Count.Before, row.Count.After, row.LeftOut))],
        Warnings = [.. summary.Warnings.Take(VideosCurated.MostWarnings)],
    };

    private CurationSpec Read(string text)
    {
        CurationSpec spec = CurationSpecReader.Parse(text);
        Violations violations = new();
        (string Field, string Folder)[] networks =
        [
            .. spec.Scorers.Select((one, index) => ($"scorers[{index}].folder", one.Folder)),
            .. spec.Detectors.Select((one, index) => ($"detectors[{index}].folder", one.Folder)),
        ];
        foreach ((string field, string folder) in networks)
        {
            violations.Require(
                options.Curation.Networks.Contains(folder, StringComparer.Ordinal), field, $"got another folder",
                $"{Allowed(options.Curation.Networks, "curation.networks")}");
        }

        violations.Require(
            spec.Captions.Url is not { } url || options.Curation.CaptionServices.Contains(url.OriginalString, StringComparer.Ordinal), "captions.url",
            $"got another address", $"{Allowed(options.Curation.CaptionServices, "curation.caption_services")}");
        violations.Require(
            spec.Captions.KeyVariable?.StartsWith(KeyPrefix, StringComparison.Ordinal) != false, "captions.key_variable", $"got another name",
            $"names that begin with {KeyPrefix}");
        violations.ThrowIfAny();
        return spec;
    }

    private static string Allowed(IReadOnlyList<string> names, string setting) =>
        names.Count == 0 ? $"none, as the host's setting {setting} names none" : string.Join(", ", names);
}
