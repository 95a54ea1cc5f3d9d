using System.Text.Json.Nodes;

namespace MedGen.Cli.Tests;

/// <summary>
/// samples/notebooks, run by Debian's Jupyter against a host. MEDGEN_NOTEBOOKS names a folder where the notebooks are written with their new outputs.
/// </summary>
public class NotebookTests
{
    private const string Jupyter = "/usr/bin/jupyter-nbconvert";
    private const int LargestBytes = 70_000;

    private static string[] Notebooks => [.. Directory.GetFiles(RepositoryRoot.Path("samples", "notebooks"), "*.ipynb").Order(StringComparer.Ordinal)];

    [Fact]
    public void Outputs_OfTheNotebooks_AreThereAndSmall()
    {
        Notebooks.Sum(file => new FileInfo(file).Length).ShouldBeLessThanOrEqualTo(LargestBytes);
        Notebooks.Length.ShouldBe(4);
        Notebooks.ShouldAllBe(file => Shown(file).Any(cell => cell.Length > 0) && !Shown(file).Any(cell => cell.Contains("error") || cell.Contains("stderr")));
    }

    [Fact, Long]
    public async Task Notebooks_AgainstAHost_ShowWhatTheyShow()
    {
        Assert.SkipUnless(File.Exists(Jupyter), "jupyter-nbconvert is not installed.");
        await using PythonEnvironment python = await PythonEnvironment.CreateAsync("torch", "ipykernel", "nbconvert");
        string folder = Directory.CreateDirectory(Path.Combine(python.Folder, "samples", "notebooks")).FullName;
        foreach (string name in new[] { "clips", "datasets" })
        {
            Directory.CreateSymbolicLink(Path.Combine(python.Folder, "samples", name), RepositoryRoot.Path("samples", name));
        }

        // A kernel of the environment, as the README makes one of its user's.
        await python.MustAsync(python.Interpreter, ["-m", "ipykernel", "install", "--sys-prefix", "--name", "medgen"]);
        foreach (string notebook in Notebooks)
        {
            string copy = Path.Combine(folder, Path.GetFileName(notebook));
            await File.WriteAllTextAsync(
                copy, (await File.ReadAllTextAsync(notebook, TestContext.Current.CancellationToken)).Replace("127.0.0.1:8470", python.Address, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            await python.MustAsync(
                python.Interpreter,
                ["-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", "--ExecutePreprocessor.kernel_name=medgen", "--ExecutePreprocessor.record_timing=False", "--log-level=ERROR", copy],
                folder);

            if (Environment.GetEnvironmentVariable("MEDGEN_NOTEBOOKS") is { Length: > 0 } target)
            {
                Write(copy, RepositoryRoot.Path(target, Path.GetFileName(notebook)), python.Address);
            }

            Shown(copy).ShouldBe(Shown(notebook), Path.GetFileName(notebook));
        }
    }

    // For each code cell the kinds of what it shows: MIME types, and the names of streams.
    private static string[] Shown(string file) =>
    [
        .. JsonNode.Parse(File.ReadAllText(file))!["cells"]!.AsArray().Where(cell => (string)cell!["cell_type"]! == "code")
            .Select(cell => string.Join(' ', cell!["outputs"]!.AsArray().SelectMany(output => KindsOf(output!)))),
    ];

    private static IEnumerable<string> KindsOf(JsonNode output) => (string)output["output_type"]! switch
    {
        "stream" => [(string)output["name"]!],
        "error" => ["error"],
        _ => output["data"]!.AsObject().Select(one => one.Key).Order(StringComparer.Ordinal),
    };

    // With the address and the kernel that everybody has.
    private static void Write(string copy, string target, string address)
    {
        JsonNode notebook = JsonNode.Parse(File.ReadAllText(copy).Replace(address, "127.0.0.1:8470", StringComparison.Ordinal))!;
        JsonNode before = JsonNode.Parse(File.ReadAllText(target))!;
        notebook["metadata"] = before["metadata"]!.DeepClone();
        File.WriteAllText(target, notebook.ToJsonString(new System.Text.Json.JsonSerializerOptions
        {
            WriteIndented = true, IndentSize = 1, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }) + "\n");
    }
}
