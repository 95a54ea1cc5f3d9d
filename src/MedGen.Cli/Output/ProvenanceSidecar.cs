using MedGen.Protos.V1;

namespace MedGen.Cli.Output;

/// <summary>The signed provenance beside a downloaded clip, for those to whom the clip comes without what is at its end.</summary>
internal static class ProvenanceSidecar
{
    public static string PathOf(string file) => file + ".provenance.json";

    /// <summary>Writes it, if the host has signed the artifact.</summary>
    public static Task WriteAsync(Artifact artifact, string file, CancellationToken cancellationToken) => artifact.SignedProvenance.Length == 0
        ? Task.CompletedTask
        : File.WriteAllTextAsync(PathOf(file), artifact.SignedProvenance, cancellationToken);
}
