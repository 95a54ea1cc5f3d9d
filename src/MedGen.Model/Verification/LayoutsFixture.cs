using MedGen.Model.Checkpoints;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>
/// A transformer in other forms of file: for each safetensors or GGUF file in the sub-folders <c>&lt;file&gt;.out</c>, and first rows of its weights
/// as <c>&lt;file&gt;.dequant.&lt;weight&gt;</c>. The config lies beside the file, otherwise in the folder <c>transformer</c>.
/// </summary>
internal sealed class LayoutsFixture : IPartFixture
{
    private const string Rows = ".dequant.";

    public string Part => "layouts";

    public bool Recognises(FixtureFolder folder) => folder.TensorNames.Any(name => name.Contains(Rows, StringComparison.Ordinal));

    public void Run(FixtureFolder folder, VerificationReport report)
    {
        foreach (string path in FilesOf(folder).Where(path => folder.Has($"{Path.GetFileNameWithoutExtension(path)}.out")))
        {
            report.Try(Path.GetFileName(path), () => RunFile(folder, path, report));
        }
    }

    /// <summary>The weight files of a folder and its sub-folders.</summary>
    internal static IEnumerable<string> FilesOf(FixtureFolder folder) => Directory
        .EnumerateFiles(folder.FullPath, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetExtension(path) is ".safetensors" or ".gguf").Order(StringComparer.Ordinal);

    private static void RunFile(FixtureFolder folder, string path, VerificationReport report)
    {
        string label = Path.GetFileNameWithoutExtension(path);
        string own = Path.Combine(Path.GetDirectoryName(path)!, "config.json");
        string config = File.Exists(own) ? own : folder.PathOf(Path.Combine("transformer", "config.json"));
        using WanTransformer transformer = ModelFolder.LoadTransformer([path], config, null, CPU, ScalarType.Float32);
        foreach (string name in folder.TensorNames.Where(name => name.StartsWith(label + Rows, StringComparison.Ordinal)))
        {
            Tensor expected = folder[name]; // the first rows
            Tensor actual = transformer.Parameters[name[(label.Length + Rows.Length)..]].Read(ScalarType.Float32).narrow(0, 0, expected.size(0));
            report.Compare(name, actual, expected, VerificationTolerances.Weights);
        }

        Tensor output = folder[$"{label}.out"];
        // A file of another model has inputs of its own, under a prefix.
        string prefix = folder.Matches("^(.+[.])?x$").Select(match => match.Groups[1].Value)
            .First(prefix => folder[$"{prefix}x"].shape.SequenceEqual(output.shape));
        Tensor actualOutput = transformer.ForwardEach(
            [folder[$"{prefix}x"]], folder[$"{prefix}t"], [folder[$"{prefix}context"]], (int)folder.Number($"{prefix}seq_len"))[0];
        report.Compare($"{label}.out", actualOutput, output, VerificationTolerances.Output);
    }
}
