namespace MedGen.Host.Configuration;

/// <summary>One place that settings come from.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Values">Its values by path, with a colon before each inner name, without regard to case.</param>
/// <param name="NameOf">What this source calls the setting of a path.</param>
internal sealed record SettingSource(string Name, IReadOnlyDictionary<string, string?> Values, Func<string, string> NameOf);
