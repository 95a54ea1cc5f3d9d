using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen artifacts list</c>.</summary>
internal static class ArtifactListCommand
{
    private static readonly Dictionary<string, ArtifactKind> Kinds = new()
    {
        ["upload"] = ArtifactKind.Upload,
        ["clip"] = ArtifactKind.GeneratedClip,
        ["dataset"] = ArtifactKind.AugmentedDataset,
    };

    public static Command Create()
    {
        ConnectionOptions connection = new();
        Option<string?> owner = new("--owner") { Description = "Only files of this caller; others' for administrators only." };
        Option<string?> patient = new("--patient") { Description = "Only files of this patient, by pseudonym." };
        Option<string?> job = new("--job") { Description = "Only files that this job has made." };
        Option<string?> kind = new("--kind") { Description = "Only files of this kind: upload, clip (generated) or dataset (augmented)." };
        kind.AcceptOnlyFromAmong([.. Kinds.Keys]);
        Option<bool> synthetic = new("--synthetic") { Description = "Only files that were generated here." };
        Option<bool> real = new("--real") { Description = "Only files that were not." };
        Option<DateTimeOffset?> since = new("--since") { Description = "Only files stored at this time or later, for instance 2026-11-28T12:00Z." };
        Option<DateTimeOffset?> before = new("--before") { Description = "Only files stored before this time." };
        Option<int> limit = new("--limit") { Description = "Number of files, newest first.", DefaultValueFactory = _ => 50 };
        Command command = new("list", "Lists files, newest first: your own, or for administrators everybody's.")
        {
            owner, patient, job, kind, synthetic, real, since, before, limit,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(synthetic) && result.GetValue(real))
            {
                result.AddError("--synthetic and --real exclude each other; leave both out for all files.");
            }
        });
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ListArtifactsRequest request = new()
            {
                Owner = parsed.GetValue(owner) ?? "",
                PatientPseudonym = parsed.GetValue(patient) ?? "",
                JobId = parsed.GetValue(job) ?? "",
                Kind = parsed.GetValue(kind) is { } name ? Kinds[name] : ArtifactKind.Unspecified,
                Synthetic = parsed.GetValue(synthetic) ? true : parsed.GetValue(real) ? false : null,
                CreatedFrom = parsed.GetValue(since) is { } from ? Timestamp.FromDateTimeOffset(from) : null,
                CreatedBefore = parsed.GetValue(before) is { } to ? Timestamp.FromDateTimeOffset(to) : null,
            };
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Look, cancellationToken);
            List<Artifact> artifacts = await host.Client.Artifacts.ListAsync(request, cancellationToken).Take(parsed.GetValue(limit))
                .ToListAsync(cancellationToken);
            Write(artifacts, parsed.GetValue(connection.Json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(IReadOnlyList<Artifact> artifacts, bool json)
    {
        if (json)
        {
            foreach (Artifact artifact in artifacts)
            {
                Console.Out.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(artifact));
            }

            return;
        }

        Terminal.Table(
            ["artifact", "kind", "owner", "patient", "bytes", "created", "hold", "name"],
            artifacts.Select(artifact => (IReadOnlyList<string>)
                [artifact.ArtifactId, artifact.Kind.ToString(), artifact.Owner, artifact.PatientPseudonym, $"{artifact.SizeBytes}",
                    artifact.CreatedAt.ToDateTime().ToString("u", null), artifact.Hold is null ? "" : "on hold", artifact.Name]));
    }
}
