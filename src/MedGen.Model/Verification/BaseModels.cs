namespace MedGen.Model.Verification;

/// <summary>Where the model lies that adapters of a fixture are for, if not in their folder.</summary>
internal static class BaseModels
{
    private const int Levels = 4; // of folders above

    /// <summary>
    /// Transformers: in the folder, in the one that was told, and as <c>transformer</c> or <c>goldens/transformer</c> beside those above.
    /// </summary>
    public static FixtureWeights? Transformer(FixtureFolder folder, out FixtureFolder? home)
    {
        IEnumerable<string> above = Above(folder, "transformer", Path.Combine("goldens", "transformer"));
        foreach (string path in Told(folder, "", "transformer").Concat(above).Distinct())
        {
            home = new FixtureFolder(path);
            if (home.Weights is [FixtureWeights weights, ..])
            {
                return weights;
            }

            home.Dispose();
        }

        home = null;
        return null;
    }

    /// <summary>A model folder with two experts: the one that was told, or <c>a14b/pipeline/models</c> beside the folders above.</summary>
    /// <returns>Null: there is none.</returns>
    public static string? Experts(FixtureFolder folder) => Told(folder, "", "models")
        .Concat(Above(folder, Path.Combine("a14b", "pipeline", "models")))
        .FirstOrDefault(path => Directory.Exists(Path.Combine(path, "high_noise_model")));

    private static IEnumerable<string> Told(FixtureFolder folder, params string[] names) =>
        folder.BaseFolder is { } told ? names.Select(name => Path.Combine(told, name)).Where(Directory.Exists) : [];

    private static IEnumerable<string> Above(FixtureFolder folder, params string[] names)
    {
        string? above = folder.FullPath;
        for (int level = 0; level <= Levels && above is not null; level++, above = Path.GetDirectoryName(above))
        {
            foreach (string path in names.Select(name => Path.Combine(above, name)).Where(Directory.Exists))
            {
                yield return path;
            }
        }
    }
}
