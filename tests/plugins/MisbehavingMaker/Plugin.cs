using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;
using Misbehaving;

namespace MisbehavingMaker;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        services.AddSingleton<IVideoGenerator, Generator>();
        services.AddSingleton<IDatasetAugmenter, Augmenter>();
        services.AddSingleton<IVideoAnalyzer, FileAnalyzer>();
    }

    internal static Misbehaviour Named(string how, string field) => Enum.TryParse(how, ignoreCase: true, out Misbehaviour known)
        ? known
        : throw new InvalidInputException(field, $"got {how}; allowed: a misbehaviour.");
}

/// <summary>Does what its prompt says, then makes grey frames, or those that it was given.</summary>
internal sealed class Generator(IServiceProvider services) : IVideoGenerator
{
    public GeneratorDescription Describe() =>
        new() { Summary = "Misbehaves.", UsesResidentModel = false, Model = "grey", TakesFirstFrame = true };

    public Task ValidateAsync(VideoGenerationRequest request, CancellationToken cancellationToken) => Task.FromResult(Plugin.Named(request.Prompt, "prompt"));

    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
        VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new GenerationProgress { Stage = GenerationStage.Denoising, Completed = 1, Total = 2, TimeLeft = TimeSpan.FromSeconds(3) };
        Misbehaviour how = Plugin.Named(request.Prompt, "prompt");
        await Misbehaviours.DoAsync(how);
        if (how == Misbehaviour.UseModel)
        {
            await foreach (GenerationUpdate update in services.GetRequiredService<IMedGenModel>().GenerateAsync(request, cancellationToken))
            {
                yield return update;
            }

            yield break;
        }

        yield return new GenerationWarning { Message = "It misbehaves.", UnknownWords = [request.Prompt] };
        yield return new GenerationCheckpoint { Step = 1, Content = request.Service.Checkpoint?.Content ?? new byte[] { 1, 2, 3 } };
        yield return new GenerationPreview { Step = 1, Frame = Grey(8, 8, 7) };
        VideoFrame[] frames = new VideoFrame[request.NumFrames];
        for (int i = 0; i < frames.Length; i++)
        {
            frames[i] = i == 0 && request.FirstFrame is { } first ? first.Clone()
                : request.SourceFrames is { } source ? source[i].Clone()
                : Grey(request.Width, request.Height, (byte)i);
        }

        yield return new GeneratedFrames { Frames = frames };
        if (how is Misbehaviour.TooMany or Misbehaviour.TooLarge)
        {
            yield return new GeneratedFrames { Frames = [Grey(request.Width * (how == Misbehaviour.TooLarge ? 2 : 1), request.Height, 0)] };
        }
    }

    internal static VideoFrame Grey(int width, int height, byte value)
    {
        VideoFrame frame = VideoFrame.Rent(width, height);
        frame.WritablePixels.Span.Fill(value);
        return frame;
    }
}

/// <summary>Does what the options of its method say, then inverts the clip.</summary>
internal sealed class Augmenter : IDatasetAugmenter
{
    public AugmenterDescription Describe() => new()
    {
        Summary = "Misbehaves.", Methods = [new() { Name = "invert", Description = "Inverts.", Origin = ClipOrigin.Altered }],
    };

    public Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken)
    {
        HangIf(method, Misbehaviour.Invalid);
        return Task.CompletedTask;
    }

    public Task<AdapterNeed?> GetAdapterAsync(AugmentationMethod method, CancellationToken cancellationToken)
    {
        HangIf(method, Misbehaviour.Refuse);
        return Task.FromResult<AdapterNeed?>(HowOf(method) == Misbehaviour.None
            ? null
            : new TrainedAdapter { Scope = AdapterScope.Class, Steps = 3, Rank = 2, LearningRate = 1e-3, BatchSize = 4 });
    }

    public async Task<IReadOnlyList<string>> GetCaptionsAsync(CaptionRequest request, CancellationToken cancellationToken)
    {
        HangIf(request.Method, Misbehaviour.Throw);
        int frames = await request.Clip.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken).CountAsync(cancellationToken);
        return [$"{request.Label} {request.Clip.Id} {request.Clip.Metadata["site"]} {frames}"];
    }

    private static Misbehaviour HowOf(AugmentationMethod method)
    {
        using JsonDocument options = JsonDocument.Parse(method.Options);
        return Plugin.Named(options.RootElement.GetProperty("how").GetString()!, "how");
    }

    private static void HangIf(AugmentationMethod method, Misbehaviour hanging)
    {
        if (HowOf(method) == hanging)
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }

    public async IAsyncEnumerable<AugmentationUpdate> AugmentAsync(
        AugmentationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new AugmentationProgress { Completed = 1, Total = 2 };
        Misbehaviour how = HowOf(request.Method);
        await Misbehaviours.DoAsync(how);
        yield return new AugmentedClipDescription
        {
            Parameters = new Dictionary<string, string> { ["seed"] = $"{request.Seed}" }, UsesPartner = request.Partner is not null,
        };
        await foreach (VideoFrame frame in request.Source.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
        {
            VideoFrame inverted = frame.Clone();
            foreach (ref byte value in inverted.WritablePixels.Span)
            {
                value = (byte)~value;
            }

            frame.Dispose();
            yield return new AugmentedFrames { Frames = [inverted] };
        }

        if (how == Misbehaviour.TooMany)
        {
            yield return new AugmentedFrames { Frames = [Generator.Grey(request.Shape.Width, request.Shape.Height, 0)] };
        }
    }
}

/// <summary>Hands two files over.</summary>
internal sealed class FileAnalyzer : IVideoAnalyzer
{
    public AnalyzerDescription Describe() => new()
    {
        Task = "test-file",
        Summary = "Hands files over.",
        Outputs = [new AnalyzerOutput { Name = "report", Description = "The report.", Kind = OutputKind.Artifact }],
    };

    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return new FinalFindings { Findings = [File("a.txt", "first"), File("b.txt", "the second")] };
        VideoInfo info = request.Clip.Info;
        await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(FrameSampling.All, cancellationToken))
        {
            string value = frame.Format == FrameFormat.Gray16 ? $"{frame.Values[1]}: {info.Values!.Of(frame.Values[1])} {info.Values.Unit}" : $"{frame.Pixels.Span[1]}";
            string text = FormattableString.Invariant($"{frame.Format} {value}, {info.Spacing?.X} mm, {info.Acquisition?.Modality}");
            frame.Dispose();
            yield return new FinalFindings { Findings = [File("frame.txt", text)] };
        }

        yield return new AnalysisCompleted { FramesAnalyzed = 0 };
    }

    private static ArtifactFinding File(string name, string text) =>
        new() { Output = "report", FileName = name, MediaType = "text/plain", Content = Encoding.UTF8.GetBytes(text) };
}
