namespace MedGen.Architecture.Tests;

/// <summary>The arrows of docs/architecture.md, read from the compiled assemblies.</summary>
public class ArrowTests
{
    private const string Own = "MedGen.";

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["MedGen.Sdk"] = [],
        ["MedGen.Sdk.Torch"] = ["MedGen.Sdk"],
        ["MedGen.Sdk.Testing"] = ["MedGen.Sdk", "MedGen.Sdk.Torch"],
        ["MedGen.Torch"] = ["MedGen.Sdk"],
        ["MedGen.Sandbox"] = ["MedGen.Sdk"],
        ["MedGen.Onnx"] = ["MedGen.Sdk"],
        ["MedGen.Dicom"] = ["MedGen.Sdk", "MedGen.Sandbox"],
        ["MedGen.Media"] = ["MedGen.Sdk", "MedGen.Sandbox", "MedGen.Dicom"],
        ["MedGen.Phantoms"] = ["MedGen.Sdk"],
        ["MedGen.Datasets"] = ["MedGen.Sdk", "MedGen.Media"],
        ["MedGen.Model"] = ["MedGen.Sdk", "MedGen.Torch"],
        ["MedGen.Classifiers"] = ["MedGen.Sdk", "MedGen.Torch"],
        ["MedGen.Training"] = ["MedGen.Sdk", "MedGen.Torch", "MedGen.Media", "MedGen.Datasets", "MedGen.Model", "MedGen.Phantoms"],
        ["MedGen.Classifiers.Training"] =
        [
            "MedGen.Sdk", "MedGen.Torch", "MedGen.Dicom", "MedGen.Media", "MedGen.Datasets", "MedGen.Phantoms", "MedGen.Classifiers", "MedGen.Model",
            "MedGen.Training",
        ],
        ["MedGen.Evaluation"] =
        [
            "MedGen.Sdk", "MedGen.Torch", "MedGen.Media", "MedGen.Datasets", "MedGen.Model", "MedGen.Phantoms", "MedGen.Classifiers", "MedGen.Training",
            "MedGen.Classifiers.Training",
        ],
        ["MedGen.Curation"] = ["MedGen.Sdk", "MedGen.Torch", "MedGen.Sandbox", "MedGen.Media", "MedGen.Datasets", "MedGen.Classifiers"],
        ["MedGen.Runtime"] = ["MedGen.Sdk", "MedGen.Sdk.Torch", "MedGen.Torch", "MedGen.Model"],
        ["MedGen.Application"] = ["MedGen.Sdk", "MedGen.Dicom", "MedGen.Media", "MedGen.Datasets"],
        ["MedGen.Storage"] = ["MedGen.Sdk", "MedGen.Dicom", "MedGen.Application"],
        ["MedGen.Cluster"] = ["MedGen.Sdk", "MedGen.Dicom", "MedGen.Application"],
        ["MedGen.Console"] = ["MedGen.Sdk", "MedGen.Datasets", "MedGen.Application"],
        ["MedGen.PluginHost"] = ["MedGen.Sdk", "MedGen.Sdk.Torch", "MedGen.Sandbox", "MedGen.Application"],
        ["MedGen.Protos"] = [],
        ["MedGen.Client"] = ["MedGen.Protos"],
        ["MedGen.Host"] =
        [
            "MedGen.Sdk", "MedGen.Sandbox", "MedGen.Dicom", "MedGen.Media", "MedGen.Datasets", "MedGen.Protos", "MedGen.Application", "MedGen.Cluster",
            "MedGen.Classifiers", "MedGen.Console", "MedGen.Curation", "MedGen.Storage", "MedGen.PluginHost", "MedGen.Runtime",
        ],
        ["MedGen.Plugins.Augmentation"] = ["MedGen.Sdk", "MedGen.Phantoms"],
        ["MedGen.Plugins.Generation"] = ["MedGen.Sdk", "MedGen.Sdk.Torch"],
        ["MedGen.Plugins.ImagingModality"] = ["MedGen.Sdk", "MedGen.Sdk.Torch", "MedGen.Classifiers"],
        ["MedGen.Plugins.SurgicalPhase"] = ["MedGen.Sdk", "MedGen.Sdk.Torch", "MedGen.Classifiers"],
    };

    // Third parties by the start of their name, and the only rooms that may know them; the command line composes everything and is exempt.
    private static readonly Dictionary<string, string[]> Homes = new(StringComparer.Ordinal)
    {
        ["TorchSharp"] =
        [
            "MedGen.Sdk.Torch", "MedGen.Sdk.Testing", "MedGen.Torch", "MedGen.Model", "MedGen.Classifiers", "MedGen.Training", "MedGen.Classifiers.Training",
            "MedGen.Evaluation", "MedGen.Curation", "MedGen.Runtime", "MedGen.PluginHost", "MedGen.Plugins.Generation", "MedGen.Plugins.ImagingModality", "MedGen.Plugins.SurgicalPhase",
        ],
        ["Microsoft.ML.OnnxRuntime"] = ["MedGen.Onnx", "MedGen.Evaluation"],
        ["FFMpegCore"] = ["MedGen.Media"],
        ["MediatR"] = ["MedGen.Application", "MedGen.Console", "MedGen.Host"],
        ["McMaster.NETCore.Plugins"] = ["MedGen.PluginHost"],
        ["Microsoft.AspNetCore"] = ["MedGen.Console", "MedGen.Host"],
        ["NATS"] = ["MedGen.Cluster"],
        ["Microsoft.Data.Sqlite"] = ["MedGen.Storage"],
        ["Google.Protobuf"] = ["MedGen.Protos", "MedGen.Client", "MedGen.Host"],
        ["Grpc"] = ["MedGen.Protos", "MedGen.Client", "MedGen.Host"],
        ["OpenTelemetry"] = ["MedGen.Host"],
        ["System.Console"] = ["MedGen.PluginHost"], // where what plugins print is caught
    };

    public static TheoryData<string> Rooms => new(Allowed.Keys);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_RefersOnlyToRoomsBelowIt(string room)
    {
        CompiledAssembly assembly = Load(room);

        assembly.References.Where(name => name.StartsWith(Own, StringComparison.Ordinal)).Except(Allowed[room]).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_KnowsOnlyItsOwnThirdParties(string room)
    {
        CompiledAssembly assembly = Load(room);

        foreach ((string thirdParty, string[] homes) in Homes.Where(pair => !pair.Value.Contains(room)))
        {
            assembly.References.Where(name => name.StartsWith(thirdParty, StringComparison.Ordinal)).ShouldBeEmpty($"{thirdParty} lives in {string.Join(", ", homes)}");
        }
    }

    [Fact]
    public void EveryProject_HasARuleHere()
    {
        IEnumerable<string> projects = new[] { "src", "plugins", "protos" }
            .SelectMany(folder => Directory.EnumerateFiles(RepositoryRoot.Path(folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Where(name => name is not "MedGen.Cli");

        projects.ShouldBe(Allowed.Keys, ignoreOrder: true);
    }

    private static CompiledAssembly Load(string room)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, room + ".dll");
        string path = File.Exists(beside)
            ? beside
            : Directory.EnumerateFiles(RepositoryRoot.Path("artifacts", "plugins"), room + ".dll", SearchOption.AllDirectories).Single();
        return CompiledAssembly.Read(path);
    }
}
