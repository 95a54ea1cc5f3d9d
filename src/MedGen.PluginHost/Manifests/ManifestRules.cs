using System.Text.RegularExpressions;
using MedGen.PluginHost.Loading;
using MedGen.Sdk.Plugins;
using NuGet.Versioning;

namespace MedGen.PluginHost.Manifests;

/// <summary>What the values of a manifest must look like.</summary>
internal static partial class ManifestRules
{
    /// <summary>All violations, each as <c>key: what was got and what is allowed</c>.</summary>
    /// <param name="manifest">A manifest whose required values are present.</param>
    public static IEnumerable<string> Violations(PluginManifest manifest)
    {
        if (!IsId(manifest.Id))
        {
            yield return $"id: '{manifest.Id}' must be 3 to 64 lower-case letters, digits, dots and hyphens, a letter or digit at both ends.";
        }

        if (ParseVersion(manifest.Version) is null)
        {
            yield return $"version: '{manifest.Version}' must be major.minor.patch, for instance 1.0.0.";
        }

        if (!VersionRange.TryParse(manifest.Sdk, allowFloating: false, out _))
        {
            yield return $"sdk: '{manifest.Sdk}' must be a version range in NuGet notation, for instance [0.9,1.0).";
        }

        IEnumerable<string> others =
        [
            .. CodeViolations(manifest), .. CapabilityViolations(manifest.Capabilities), .. FileViolations("files", manifest.Files),
            .. WeightsViolations(manifest),
        ];
        foreach (string violation in others)
        {
            yield return violation;
        }
    }

    /// <summary>Whether a text is a plugin's id.</summary>
    /// <param name="text">The text.</param>
    public static bool IsId(string text) => Id().IsMatch(text);

    /// <summary>Parses a plugin's version.</summary>
    /// <param name="text"><c>major.minor.patch</c>.</param>
    /// <returns>The version, or null when the text is anything else.</returns>
    public static Version? ParseVersion(string text) =>
        PlainVersion().IsMatch(text) && Version.TryParse(text, out Version? version) ? version : null;

    /// <summary>Whether this host's SDK lies in a manifest's range.</summary>
    /// <param name="range">Range in NuGet notation, already checked.</param>
    public static bool AcceptsSdk(string range) => VersionRange.Parse(range).Satisfies(new NuGetVersion(MedGenSdk.Version));

    private static IEnumerable<string> CodeViolations(PluginManifest manifest)
    {
        (string? assembly, string? runtime) = (manifest.EntryAssembly, manifest.Runtime);
        if (assembly is null == runtime is null)
        {
            yield return "entryAssembly: a plugin has either this or a runtime.";
        }

        if (assembly is not null && (!assembly.EndsWith(".dll", StringComparison.Ordinal) || Path.GetFileName(assembly) != assembly))
        {
            yield return $"entryAssembly: '{assembly}' must be the name of a .dll file in this folder.";
        }

        if (runtime is not null && !PluginRuntimes.Names.Contains(runtime))
        {
            yield return $"runtime: got '{runtime}'; allowed: {string.Join(", ", PluginRuntimes.Names)}.";
        }
        else if (runtime is not null && manifest.Capabilities is not [{ Kind: CapabilityKinds.Analysis }])
        {
            yield return $"capabilities: a plugin with the runtime {runtime} has one, of the kind {CapabilityKinds.Analysis}.";
        }
    }

    private static IEnumerable<string> CapabilityViolations(IReadOnlyList<PluginCapability> capabilities)
    {
        if (!capabilities.Any(capability => CapabilityKinds.All.Contains(capability.Kind)))
        {
            yield return $"capabilities: at least one of a kind that this host knows is needed: {string.Join(", ", CapabilityKinds.All)}.";
        }

        for (int i = 0; i < capabilities.Count; i++)
        {
            PluginCapability capability = capabilities[i];
            bool needsTask = capability.Kind == CapabilityKinds.Analysis;
            if (!KindName().IsMatch(capability.Kind))
            {
                yield return $"capabilities[{i}].kind: '{capability.Kind}' must be a name and a version, for instance {CapabilityKinds.Analysis}.";
            }
            else if (needsTask && !TaskName().IsMatch(capability.Task ?? ""))
            {
                yield return $"capabilities[{i}].task: '{capability.Task}' must be 1 to 64 lower-case letters, digits and hyphens.";
            }
            else if (!needsTask && capability.Task is not null && CapabilityKinds.All.Contains(capability.Kind))
            {
                yield return $"capabilities[{i}].task: '{capability.Task}' is given, but this kind has no tasks.";
            }
            else if (capabilities.Take(i).Contains(capability))
            {
                yield return $"capabilities[{i}]: the same capability is declared twice.";
            }
        }
    }

    private static IEnumerable<string> FileViolations(string key, IEnumerable<KeyValuePair<string, string>> files)
    {
        foreach ((string path, string hash) in files)
        {
            if (Path.IsPathRooted(path) || path.Contains('\\', StringComparison.Ordinal) || path.Split('/').Any(part => part is "" or "." or ".."))
            {
                yield return $"{key}.{path}: must be a relative path inside this folder, with '/' between its parts.";
            }

            if (!Sha256().IsMatch(hash))
            {
                yield return $"{key}.{path}: '{hash}' must be a SHA-256 in 64 lower-case hexadecimal digits.";
            }
        }
    }

    private static IEnumerable<string> WeightsViolations(PluginManifest manifest) =>
    [
        .. FileViolations("weights", manifest.Weights.Select(file => KeyValuePair.Create(file.Path, file.Sha256))),
        .. manifest.Weights.Where(file => manifest.Files.ContainsKey(file.Path)).Select(file => $"weights.{file.Path}: is in files, too."),
    ];

    /// <summary>Whether a version is above another one.</summary>
    public static bool IsHigher(string version, string other) => ParseVersion(version) > ParseVersion(other);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,62}[a-z0-9]\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"\A(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){2}\z")]
    private static partial Regex PlainVersion();

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,62}/[1-9][0-9]{0,3}\z")]
    private static partial Regex KindName();

    [GeneratedRegex(@"\A[a-z0-9-]{1,64}\z")]
    private static partial Regex TaskName();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
