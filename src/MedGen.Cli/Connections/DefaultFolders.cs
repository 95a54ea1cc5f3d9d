namespace MedGen.Cli.Connections;

/// <summary>Where things lie when no option says otherwise.</summary>
internal static class DefaultFolders
{
    // Best first.
    private static readonly string[] ShippedModels = ["medgen-mini", "wan-tiny"];

    /// <summary>The plugins that come with the command.</summary>
    public static string Plugins => Path.Combine(AppContext.BaseDirectory, "plugins");

    /// <summary>The models that come with the command.</summary>
    public static string Models => Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The adapters that come with the command.</summary>
    public static string Adapters => Path.Combine(AppContext.BaseDirectory, "adapters");

    /// <summary>The clips that come with the command.</summary>
    public static string SampleClips => Path.Combine(AppContext.BaseDirectory, "samples", "clips");

    /// <summary>Jobs, artifacts and audit log of <c>medgen serve</c>: <c>$XDG_DATA_HOME/medgen</c>.</summary>
    public static string Data => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "medgen");

    /// <summary>The best model at hand: trained small weights where they are, else the random fixture.</summary>
    public static string Model => ShippedModels.Select(name => Path.Combine(Models, name)).First(Directory.Exists);
}
