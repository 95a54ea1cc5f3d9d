using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace Misbehaving;

public sealed class Plugin : IMedGenPlugin
{
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services.AddSingleton<IVideoAnalyzer, MisbehavingAnalyzer>();
}

/// <summary>Does what its parameter says, none of which a plugin may do.</summary>
internal sealed class MisbehavingAnalyzer : IVideoAnalyzer
{
    public AnalyzerDescription Describe() => new()
    {
        Task = "test-misbehaving",
        Summary = "Misbehaves.",
        Outputs = [new AnalyzerOutput { Name = "word", Description = "The word.", Kind = OutputKind.Text }],
        ParametersSchema = ParameterSchema.Of<Parameters>(),
    };

    public async IAsyncEnumerable<AnalysisUpdate> AnalyzeAsync(AnalysisRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new AnalysisProgress { FramesDone = 1, FramesTotal = 1 };
        Misbehaviour how = request.ReadParameters<Parameters>().How;
        await Misbehaviours.DoAsync(how);
        switch (how)
        {
            case Misbehaviour.Processes:
                yield return Say(Try(() => Process.Start("/bin/true").WaitForExit()));
                break;
            case Misbehaviour.Network:
                yield return Say(Try(() => new TcpClient().Connect(IPAddress.Loopback, 9)));
                break;
            case Misbehaviour.Files:
                yield return Say(Try(() => File.ReadAllText("/etc/hostname")));
                break;
            case Misbehaviour.Throw:
                throw new NotSupportedException("as its parameter says");
            case Misbehaviour.Refuse:
                throw new InvalidInputException("parameters.how", "got refuse; allowed: something else.");
            case Misbehaviour.WrongAnswer:
                yield return new FinalFindings { Findings = [new TextFinding { Output = "colour", Text = "x", Language = "en" }] };
                break;
        }

        long sum = 0;
        int frames = 0;
        await foreach (VideoFrame frame in request.Clip.ReadFramesAsync(new FrameSampling { MaxFrames = 9 }, cancellationToken))
        {
            using (frame)
            {
                sum += frame.Pixels.Span[0] + frame.Index;
                frames++;
            }
        }

        yield return Say(frames == 0 ? "well" : $"{frames} frames, {sum}");
        yield return new AnalysisCompleted { FramesAnalyzed = frames };
    }

    public Task ValidateAsync(AnalysisRequest request, CancellationToken cancellationToken) => request.ReadParameters<Parameters>().How == Misbehaviour.Invalid
        ? throw new InvalidInputException("parameters.how", "got invalid; allowed: something else.")
        : Task.CompletedTask;

    private static FinalFindings Say(string text) => new() { Findings = [new TextFinding { Output = "word", Text = text, Language = "en" }] };

    private static string Try(Action act)
    {
        try
        {
            act();
            return "done";
        }
        catch (Exception exception)
        {
            return $"not done: {exception.GetType().Name}";
        }
    }

    private sealed record Parameters
    {
        public Misbehaviour How { get; init; }
    }
}
