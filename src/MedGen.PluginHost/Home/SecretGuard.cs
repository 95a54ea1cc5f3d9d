namespace MedGen.PluginHost.Home;

/// <summary>Keeps a plugin's secrets, as they were given, out of what the host writes down or passes on. One that is encoded is not found.</summary>
/// <param name="secrets">Their texts.</param>
internal sealed class SecretGuard(IEnumerable<string> secrets)
{
    private readonly string[] _secrets = [.. secrets.OrderByDescending(secret => secret.Length)];

    /// <summary>Whether a text holds one.</summary>
    public bool IsIn(string text) => _secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal));

    /// <summary>The text with every secret struck out.</summary>
    public string Conceal(string text) => _secrets.Aggregate(text, (rest, secret) => rest.Replace(secret, "(secret)", StringComparison.Ordinal));
}
