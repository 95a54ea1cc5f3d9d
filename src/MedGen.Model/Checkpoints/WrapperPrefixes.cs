namespace MedGen.Model.Checkpoints;

/// <summary>
/// What saving a wrapped module leaves in its keys: <c>_orig_mod.</c> of torch.compile, which may stand before any part, <c>module.</c> of
/// DistributedDataParallel and <c>net.</c> of trainers. None of them changes what a weight is.
/// </summary>
internal static class WrapperPrefixes
{
    private const string Compiled = "_orig_mod.";
    private static readonly string[] Leading = ["module.", "net."];

    /// <summary>A key without the wrappers.</summary>
    public static string Strip(string key)
    {
        key = key.Replace(Compiled, "", StringComparison.Ordinal);
        while (Array.Find(Leading, prefix => key.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix)
        {
            key = key[prefix.Length..];
        }

        return key;
    }
}
