using System.Text;
using System.Text.Json;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Reading;
using MedGen.Evaluation.Studies;
using MedGen.Host.Access;
using MedGen.Host.Configuration;
using MedGen.Model.TextEncoders.Tokenization;
using MedGen.PluginHost.Manifests;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using MedGen.Torch.Weights;
using MedGen.Tests;
using MedGen.Training.Recipes;

namespace MedGen.Bench.Fuzz;

/// <summary>Files that people and other programs write, damaged, to the parsers of each kind.</summary>
internal static class DamagedFiles
{
    private static readonly Dictionary<string, string> None = [];
    private static readonly Dictionary<string, IReadOnlyList<string>> NoLists = [];

    /// <summary>Damages as many files as are asked for, the same number of each kind.</summary>
    /// <returns>The faults: what is neither read nor refused, and an undamaged file that is refused.</returns>
    public static List<string> Read(FuzzOptions options)
    {
        List<string> faults = [];
        if (options.Files == 0)
        {
            return faults;
        }

        Random random = new(options.Seed);
        string folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        try
        {
            Kind[] kinds = [.. Kinds(folder)];
            foreach (Kind kind in kinds)
            {
                if (kind.Refusal(kind.Original) is { } reason)
                {
                    faults.Add($"{kind.Name}, undamaged: {reason}");
                }

                (int read, int count) = (0, options.Files / kinds.Length);
                for (int i = 0; i < count; i++)
                {
                    try
                    {
                        read += kind.Refusal(MutatedBytes.Of(kind.Original, random)) is null ? 1 : 0;
                    }
                    catch (Exception error)
                    {
                        faults.Add($"{kind.Name} {i}: {error.GetType().Name} {error.Message}");
                    }
                }

                Console.WriteLine($"{count} {kind.Name}: {read} read, {count - read} refused");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return faults;
    }

    private static IEnumerable<Kind> Kinds(string folder)
    {
        string dataset = RepositoryFolder.Path("samples", "datasets", "lung");
        string weights = RepositoryFolder.Path("models", "medgen-mini");
        foreach (string clip in Directory.GetFiles(dataset, "*.mp4", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(dataset, clip));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(clip, copy);
        }

        yield return InFile("weights.safetensors", Weights(), path => SafetensorsFile.Open(path).Dispose());
        yield return InFile(
            "weights.gguf", Repository("tests", "fixtures", "goldens22", "layouts", "text_encoder", "umt5-encoder-Q8_0.gguf"),
            path => WeightFile.Open(path).Dispose());
        yield return InFile("metadata.csv", File.ReadAllBytes(Path.Combine(dataset, "metadata.csv")), _ => DatasetFolder.Read(folder));
        yield return InFile("plugin.json", Plugin.ToArray(), ReadPlugin);
        yield return InFile("medgen.json", Repository("deploy", "medgen.json"), path => HostConfiguration.Load(path, None, NoLists, NoLists));
        yield return InFile("study.json", Repository("recipes", "studies", "lung.json"), path => StudySpecReader.Read(path));
        yield return new Kind("recipe.json", Repository("recipes", "smoke.json"), bytes => RecipeReader.Parse(bytes));
        yield return new Kind("spec.json", Specification.ToArray(), bytes => AugmentationSpecReader.Parse(Encoding.UTF8.GetString(bytes)));
        yield return new Kind(
            "spiece.model", File.ReadAllBytes(Path.Combine(weights, "spiece.model")), bytes => SentencePieceModelReader.Read(bytes, "spiece.model"));
        yield return new Kind("keys.json", Keys.ToArray(), ReadKeys);

        Kind InFile(string name, byte[] original, Action<string> read)
        {
            string path = Path.Combine(folder, name);
            return new Kind(name, original, bytes =>
            {
                File.WriteAllBytes(path, bytes);
                read(path);
            });
        }
    }

    private static ReadOnlySpan<byte> Plugin => """
        {"id": "acme.polyps", "version": "1.2.0", "name": "Polyps", "description": "Finds polyps.", "publisher": "Acme", "sdk": "[0.9,1.0)",
         "entryAssembly": "Acme.Polyps.dll", "capabilities": [{"kind": "analysis/1", "task": "polyps"}]}
        """u8;

    private static ReadOnlySpan<byte> Specification => """
        {"seed": 7, "clip": {"width": 64, "height": 64, "num_frames": 9}, "balance": {"ratio": 2},
         "methods": [{"type": "classic", "weight": 0.5}, {"type": "prompted", "options": {"prompts": ["a lung"], "steps": 12}}]}
        """u8;

    private static ReadOnlySpan<byte> Keys => """
        [{"name": "anna", "roles": ["researcher"], "tenant": "radiology", "expires": "2027-01-01T00:00:00Z",
          "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}]
        """u8;

    private static void ReadPlugin(string path)
    {
        if (ManifestReader.Read(path, out IReadOnlyList<string> problems) is null)
        {
            throw new InvalidInputException("manifest", problems[0]);
        }
    }

    // The host's files of settings say by these what is wrong; who reads them adds the file's name.
    private static void ReadKeys(byte[] bytes)
    {
        try
        {
            ApiKeyFile.Parse(bytes);
        }
        catch (Exception refusal) when (refusal is FormatException or JsonException)
        {
            throw new InvalidInputException("keys", refusal.Message);
        }
    }

    private static byte[] Repository(params string[] path) => File.ReadAllBytes(RepositoryFolder.Path(path));

    // Small, so that what is damaged is what is parsed.
    private static byte[] Weights()
    {
        byte[] header = """
            {"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"a.bias":{"dtype":"BF16","shape":[2],"data_offsets":[24,28]}}
            """u8.ToArray();
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[28]];
    }

    private sealed record Kind(string Name, byte[] Original, Action<byte[]> Parse)
    {
        /// <returns>Why it was refused; null: it was read.</returns>
        public string? Refusal(byte[] bytes)
        {
            try
            {
                Parse(bytes);
                return null;
            }
            catch (MedGenException refusal)
            {
                return refusal.Message;
            }
        }
    }
}
