namespace MedGen.Cli.Connections;

/// <summary>Where things lie when no option says otherwise.</summary>
internal static class DefaultFolders
{
    /// <summary>The plugins that come with the command.</summary>
    public static string Plugins => Path.Combine(AppContext.BaseDirectory, "plugins");

    /// <summary>Weights of the imaging-modality plugin that comes with the command.</summary>
    public static string ModalityWeights => Path.Combine(Plugins, "medgen.imaging-modality", "0.1.0", "weights", "modality.safetensors");

    /// <summary>Weights of the surgical-phase plugin that comes with the command.</summary>
    public static string PhaseWeights => Path.Combine(Plugins, "medgen.surgical-phase", "0.1.0", "weights", "phases.safetensors");

    /// <summary>The models that come with the command.</summary>
    public static string Models => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The adapters that come with the command.</summary>
    public static string Adapters => Path.Combine(AppContext.BaseDirectory, "adapters");

    /// <summary>The clips that come with the command.</summary>
    public static string SampleClips => Path.Combine(AppContext.BaseDirectory, "samples", "clips");

    /// <summary>Jobs, artifacts and audit log of <c>medgen serve</c>: <c>$XDG_DATA_HOME/medgen</c>.</summary>
    public static string Data => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "medgen");

    /// <summary>medgen-mini, the trained small weights.</summary>
    public static string Model => Path.Combine(Models, "medgen-mini");
}
