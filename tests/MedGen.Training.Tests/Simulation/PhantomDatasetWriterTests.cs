using System.Security.Cryptography;
using System.Text;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Reading;
using MedGen.Media;
using MedGen.Training.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Training.Tests.Simulation;

public sealed class PhantomDatasetWriterTests : IDisposable
{
    private const string Spec = """
        { "seed": 4, "width": 32, "height": 32, "num_frames": 2, "parts": [
          { "kind": "us-lung", "train": 2, "test": 1, "parameters": { "finding": "b-lines", "b-line-count": "3" } },
          { "kind": "opt-oct", "train": 1, "validation": 1 } ] }
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("medgen-phantoms-").FullName;
    private readonly ServiceProvider _services = new ServiceCollection().AddMedGenMedia().BuildServiceProvider();

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task WriteAsync_TwoParts_WritesADataSetThatTheReaderTakes()
    {
        int count = await Write(Spec, "set");

        count.ShouldBe(5);
        IReadOnlyList<DatasetItem> items = DatasetFolder.Read(Path.Combine(_root, "set"));
        items.Count.ShouldBe(5);
        items.ShouldAllBe(i => File.Exists(i.FullPath) && !string.IsNullOrEmpty(i.Caption) && !string.IsNullOrEmpty(i.Label));
        items.Select(i => i.PatientId).Distinct().Count().ShouldBe(5);
        items.Count(i => i.Split == DatasetSplit.Test).ShouldBe(1);
        File.ReadAllText(Path.Combine(_root, "set", "metadata.csv")).ShouldContain("\"\"b-line-count\"\":\"\"3\"\"");
    }

    [Fact]
    public async Task WriteAsync_EachClip_SaysThatASimulatorMadeIt()
    {
        await Write(Spec, "set");

        string[] clips = Directory.GetFiles(Path.Combine(_root, "set"), "*.mp4", SearchOption.AllDirectories);
        clips.Length.ShouldBe(5);
        clips.ShouldAllBe(clip => Encoding.Latin1.GetString(File.ReadAllBytes(clip)).Contains("synthetic: made by a simulator, not a recording of a patient; provenance=phantom:"));
    }

    [Fact]
    public async Task WriteAsync_AfterAnInterruption_WritesWhatIsMissingAndTheSameBytes()
    {
        await Write(Spec, "whole");
        await Write(Spec, "continued");
        string lost = Directory.EnumerateFiles(Path.Combine(_root, "continued", "train")).First();
        string kept = Directory.EnumerateFiles(Path.Combine(_root, "continued", "train")).Last();
        DateTime written = File.GetLastWriteTimeUtc(kept);
        File.Delete(lost);

        await Write(Spec, "continued");

        File.GetLastWriteTimeUtc(kept).ShouldBe(written);
        Hashes("continued").ShouldBe(Hashes("whole"));
    }

    [Fact]
    public async Task WriteAsync_IntoAnotherDataSet_IsRefused()
    {
        await Write(Spec, "set");

        (await Should.ThrowAsync<InvalidInputException>(() => Write(Spec.Replace("\"seed\": 4", "\"seed\": 5"), "set"))).Message.ShouldContain("another specification");
    }

    [Theory]
    [InlineData("""{ "parts": [ { "kind": "us-lung", "train": 1, "colour": "red" } ] }""", "colour")]
    [InlineData("""{ "parts": [ { "kind": "us-liver", "train": 1 } ] }""", "parts[0].kind: got 'us-liver'; allowed: ")]
    [InlineData("""{ "parts": [ { "kind": "us-lung" } ] }""", "no clip at all")]
    [InlineData("""{ "parts": [ { "kind": "us-lung", "train": -1 } ] }""", "parts[0].train: got -1 clips")]
    [InlineData("""{ "width": 33, "parts": [ { "kind": "us-lung", "train": 1 } ] }""", "width: got 33 px")]
    [InlineData("""{ "parts": [ { "kind": "us-lung", "train": 1, "parameters": { "b-line-count": "many" } } ] }""", "parts[0].parameters.b-line-count: got 'many'")]
    [InlineData("""{ "seed": 1 }""", "parts")]
    public async Task WriteAsync_BadSpecification_NamesTheFieldAndWritesNothing(string spec, string message)
    {
        (await Should.ThrowAsync<InvalidInputException>(() => Write(spec, "set"))).Message.ShouldContain(message);

        Directory.Exists(Path.Combine(_root, "set")).ShouldBeFalse();
    }

    private Task<int> Write(string spec, string folder)
    {
        string file = Path.Combine(_root, "spec.json");
        File.WriteAllText(file, spec);
        return new PhantomDatasetWriter(_services.GetRequiredService<IVideoWriter>()).WriteAsync(file, Path.Combine(_root, folder), null, TestContext.Current.CancellationToken);
    }

    private List<string> Hashes(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(_root, folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => Path.GetFileName(file) + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))];
}
