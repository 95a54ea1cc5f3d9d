namespace MedGen.Host.Features;

/// <summary>Weights of the imaging-modality classifier, whose frozen features the host uses for more than modalities.</summary>
internal static class ModalityWeights
{
    /// <summary>Those of the settings, or those of the plugin in the plugin folders, its highest version.</summary>
    /// <returns>The file; null: there is none.</returns>
    public static string? Find(MedGenHostOptions options) => options.Curation.ModalityWeights
        ?? options.PluginFolders.Select(folder => Path.Combine(folder, "medgen.imaging-modality"))
            .Where(Directory.Exists).SelectMany(Directory.GetDirectories)
            .OrderBy(folder => Version.TryParse(Path.GetFileName(folder), out Version? version) ? version : new Version())
            .Select(version => Path.Combine(version, "weights", "modality.safetensors")).LastOrDefault(File.Exists);
}
