using Google.Protobuf.WellKnownTypes;
using MedGen.Application.Plugins;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Plugins;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Mapping;

internal static class PluginMapping
{
    public static Proto.Plugin ToProto(this PluginStatus plugin) => new()
    {
        PluginId = plugin.Id,
        Version = plugin.Version,
        Name = plugin.Name,
        Description = plugin.Description,
        Publisher = plugin.Publisher,
        Sdk = plugin.Sdk,
        Capabilities = { plugin.Capabilities.Select(ToProto) },
        Weights =
        {
            plugin.Weights.Select(file => new Proto.Weights { Name = file.Path, Sha256 = file.Sha256, Bytes = file.Bytes, License = file.License }),
        },
        State = plugin.State.ToProto(),
        Reason = plugin.Reason ?? "",
        DefaultFor = { plugin.DefaultFor },
        CallsInFlight = plugin.CallsInFlight,
        Settings = plugin.Settings is { } settings ? ToProto(settings) : null,
        Usage = plugin.Usage is { } usage ? ToProto(usage) : null,
        Since = Timestamp.FromDateTimeOffset(plugin.Since),
    };

    private static Proto.PluginSettings ToProto(PluginSettingsStatus settings) => new()
    {
        Schema = Struct.Parser.ParseJson(settings.Declared.Schema),
        Values = Struct.Parser.ParseJson(settings.Values),
        Secrets =
        {
            settings.Declared.Secrets.Select(secret => new Proto.PluginSecret
            {
                Name = secret.Name,
                Description = secret.Description,
                Optional = secret.Optional,
                Given = settings.GivenSecrets.Contains(secret.Name),
            }),
        },
        DataBytesAllowed = settings.DataBytesAllowed,
        DataBytesUsed = settings.DataBytesUsed,
    };

    private static Proto.PluginUsage ToProto(PluginUsage usage) =>
        new() { Calls = usage.Calls, FailedCalls = usage.FailedCalls, DeviceSeconds = usage.DeviceTime.TotalSeconds };

    public static Proto.PluginDescription ToProto(this PluginDescription plugin) => new()
    {
        PluginId = plugin.PluginId,
        PluginVersion = plugin.PluginVersion,
        Analyzers = { plugin.Analyzers.Select(ToProto) },
        Generator = plugin.Generator is { } generator ? ToProto(generator) : null,
        Augmenter = plugin.Augmenter is { } augmenter ? ToProto(augmenter) : null,
    };

    private static Proto.AugmenterDescription ToProto(AugmenterDescription augmenter) => new()
    {
        Summary = augmenter.Summary,
        Methods =
        {
            augmenter.Methods.Select(method => new Proto.AugmentationMethod
            {
                Name = method.Name,
                Description = method.Description,
                Origin = Namesakes<ClipOrigin, Proto.ClipOrigin>.Of(method.Origin),
                OptionsSchema = Struct.Parser.ParseJson(method.OptionsSchema),
            }),
        },
        IntendedUse = augmenter.IntendedUse,
    };

    private static Proto.GeneratorDescription ToProto(GeneratorDescription generator) => new()
    {
        Summary = generator.Summary,
        UsesResidentModel = generator.UsesResidentModel,
        Model = generator.Model ?? "",
        Trained = generator.IsTrained,
        Weights = { generator.Weights.Select(ToProto) },
        IntendedUse = generator.IntendedUse,
        TakesFirstFrame = generator.TakesFirstFrame,
        OptionsSchema = Struct.Parser.ParseJson(generator.OptionsSchema),
    };

    private static Proto.AnalyzerDescription ToProto(AnalyzerDescription analyzer) => new()
    {
        Task = analyzer.Task,
        Summary = analyzer.Summary,
        Inputs = { analyzer.Inputs.Select(ToProto) },
        Outputs = { analyzer.Outputs.Select(ToProto) },
        ParametersSchema = Struct.Parser.ParseJson(analyzer.ParametersSchema),
        Weights = { analyzer.Weights.Select(ToProto) },
        IntendedUse = analyzer.IntendedUse,
        Evaluation = analyzer.Evaluation,
    };

    private static Proto.AnalyzerInput ToProto(AnalyzerInput input) => new()
    {
        Role = input.Role,
        Description = input.Description,
        Live = input.Live,
        Stored = input.Stored,
        LeastFrames = input.LeastFrames,
        LeastSide = input.LeastSide,
        Formats = { input.Formats.Select(Namesakes<FrameFormat, Proto.FrameFormat>.Of) },
    };

    private static Proto.AnalyzerOutput ToProto(AnalyzerOutput output)
    {
        Proto.AnalyzerOutput proto = new()
        {
            Name = output.Name,
            Description = output.Description,
            Kind = Namesakes<OutputKind, Proto.OutputKind>.Of(output.Kind),
            Labels = { output.Labels.Select(label => new Proto.OutputLabel { Name = label.Name, Code = label.Code.ToProto() }) },
            Exclusive = output.Exclusive,
            AbstentionLabel = output.AbstentionLabel ?? "",
            Unit = output.Unit ?? "",
            Code = output.Code.ToProto(),
        };
        if (output.Minimum is { } minimum)
        {
            proto.Minimum = minimum;
        }

        if (output.Maximum is { } maximum)
        {
            proto.Maximum = maximum;
        }

        return proto;
    }

    private static Proto.CodedTerm? ToProto(this CodedTerm? term) =>
        term is null ? null : new Proto.CodedTerm { Scheme = term.Scheme, Code = term.Code, Meaning = term.Meaning };

    private static Proto.Weights ToProto(WeightsDescription weights) =>
        new() { Name = weights.Name, Sha256 = weights.Sha256, Bytes = weights.Bytes ?? 0, License = weights.License ?? "" };

    private static Proto.PluginCapability ToProto(PluginCapability capability) => new() { Kind = capability.Kind, Task = capability.Task ?? "" };

    private static Proto.PluginState ToProto(this PluginState state) => Namesakes<PluginState, Proto.PluginState>.Of(state);
}
