using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MedGen.Sdk.Analysis;
using MedGen.Sdk.Frames;

namespace MedGen.PluginHost.Tests;

/// <summary>The built test plugins, copied into plugin folders of a test's own.</summary>
internal static class TestPlugins
{
    // Beside the runtime that these tests run on.
    private static string Dotnet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    /// <summary>The command serves plugins in a process of their own.</summary>
    public static IReadOnlyList<string> WorkerCommand =>
        [Dotnet, RepositoryRoot.Path("src", "MedGen.Cli", "bin", "Release", "net10.0", "medgen.dll"), "plugin-worker"];

    public static string Built(string id, string version) => RepositoryRoot.Path("artifacts", "test-plugins", id, version);

    public static string Sample(string id, string version) => RepositoryRoot.Path("artifacts", "sample-plugins", id, version);

    /// <summary>Copies a built plugin beside its place and renames it into it, as an operator does.</summary>
    public static string Install(string root, string id, string version)
    {
        string target = Path.Combine(root, id, version);
        string staging = Path.Combine(root, id, "." + version);
        foreach (string file in Directory.GetFiles(Built(id, version), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(staging, Path.GetRelativePath(Built(id, version), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Directory.Move(staging, target);
        return target;
    }

    /// <summary>What a build writes down of an installed plugin.</summary>
    public static string HashesOf(string root, string id, string version) => string.Join(
        '\n',
        Directory.GetFiles(Path.Combine(root, id, version)).Select(file =>
            $"{Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}  {id}/{version}/{Path.GetFileName(file)}"));

    public static void EditManifest(string directory, Action<JsonObject> edit)
    {
        string path = Path.Combine(directory, "plugin.json");
        JsonObject manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        edit(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
    }

    public static async Task<string> AnalyzeAsync(IVideoAnalyzer analyzer)
    {
        AnalysisRequest request = new() { Inputs = [new InputClip { Role = "clip", Clip = new NoFrames() }] };
        string said = "";
        await foreach (AnalysisUpdate update in analyzer.AnalyzeAsync(request, TestContext.Current.CancellationToken))
        {
            said = update is FinalFindings { Findings: [TextFinding text, ..] } ? text.Text : said;
        }

        return said;
    }

    internal sealed class NoFrames : IVideoClip
    {
        public VideoInfo Info { get; } = new() { Width = 16, Height = 16 };

        public bool IsLive => false;

        public IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, CancellationToken cancellationToken) =>
            AsyncEnumerable.Empty<VideoFrame>();
    }
}
