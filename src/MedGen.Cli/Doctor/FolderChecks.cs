using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Cli.Connections;
using MedGen.Model.Checkpoints;

namespace MedGen.Cli.Doctor;

/// <summary>Which models and plugins are at hand.</summary>
internal static class FolderChecks
{
    public static IEnumerable<CheckResult> Models(string? extra)
    {
        IEnumerable<string> shipped = Directory.Exists(DefaultFolders.Models)
            ? Directory.EnumerateDirectories(DefaultFolders.Models).Order(StringComparer.Ordinal)
            : [];
        return shipped.Concat(extra is null ? [] : [extra]).Select(Model);
    }

    public static IEnumerable<CheckResult> Plugins(string folder)
    {
        string[] manifests = Directory.Exists(folder) ? Directory.GetFiles(folder, "plugin.json", SearchOption.AllDirectories) : [];
        return manifests.Length == 0
            ? [CheckResult.Warning("plugin", $"none in {folder}", "build with ./medgen, or give folders with --plugins")]
            : manifests.Order(StringComparer.Ordinal).Select(Plugin);
    }

    private static CheckResult Model(string folder)
    {
        try
        {
            ModelFolder model = ModelFolder.Open(folder);
            string message = $"{model.Name} ({model.Files.Layout} layout{(model.IsTrained ? "" : ", random weights")})";
            return model.Files is { Missing.Count: 0, Unsupported.Count: 0 }
                ? CheckResult.Ok("model", message)
                : CheckResult.Warning(
                    "model", $"{message}: {string.Join("; ", model.Files.Unsupported.Concat(model.Files.Missing))}",
                    "add what is missing, or name another model");
        }
        catch (ModelFormatException exception)
        {
            return CheckResult.Warning("model", exception.Message, "give a model folder, or a medgen.json that names its files: docs/models.md");
        }
    }

    private static CheckResult Plugin(string manifest)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(manifest));
            return CheckResult.Ok("plugin", $"{json.RootElement.GetProperty("id")} {json.RootElement.GetProperty("version")}");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return CheckResult.Warning("plugin", $"{manifest}: {exception.Message}", "mend or remove this folder");
        }
    }
}
