using System.CommandLine;
using System.Text.Json.Nodes;
using MedGen.Application.Signing;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Media.Provenance;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen provenance verify</c>.</summary>
internal static class ProvenanceCommand
{
    public static Command Create() => new("provenance", "Where a clip comes from, as the host that made it has signed.") { Verify() };

    private static Command Verify()
    {
        Argument<string> file = new("file") { Description = "A clip; what was signed is in it, or beside it in FILE.provenance.json." };
        Option<string[]> keys = new("--key") { Description = "Id of a host's key that you trust; default: any, and the id is shown." };
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "verify", "Checks the signature and whether the frames are those that were signed. Exit code 1: something is not as signed.")
        {
            file, keys, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
            Report(await CheckAsync(parsed.GetRequiredValue(file), parsed.GetValue(keys) ?? [], cancellationToken), parsed.GetValue(json)));
        return command;
    }

    private static async Task<Finding> CheckAsync(string file, string[] keys, CancellationToken cancellationToken)
    {
        if (Directory.Exists(file))
        {
            throw new InvalidInputException("file", $"'{file}' is a folder; name a clip.");
        }

        byte[]? text = await ProvenanceBox.ReadAsync(file, cancellationToken);
        string sidecar = ProvenanceSidecar.PathOf(file);
        if (text is null && File.Exists(sidecar))
        {
            text = await File.ReadAllBytesAsync(sidecar, cancellationToken);
        }

        if (text is null || ProvenanceStatement.Read(text) is not { } statement)
        {
            return new Finding(null, text is null ? "It carries no signed provenance." : "What it carries is no signed provenance.", false);
        }

        if (!statement.IsSigned)
        {
            return new Finding(statement, "The signature is not that of the key over what is said.", false);
        }

        if (keys.Length > 0 && !keys.Contains(statement.KeyId, StringComparer.OrdinalIgnoreCase))
        {
            return new Finding(statement, "It is signed by a key that is not among those trusted.", false);
        }

        await using ServiceProvider media = MediaServices.Create();
        string frames = await media.GetRequiredService<IFrameHasher>().HashAsync(file, cancellationToken);
        return frames == statement.FramesSha256
            ? new Finding(statement, "The frames are those that were signed.", true)
            : new Finding(statement, "The frames are not those that were signed.", false);
    }

    private static int Report(Finding finding, bool json)
    {
        JsonObject? said = finding.Statement?.Payload;
        if (json)
        {
            JsonLines.Write(new { valid = finding.IsValid, finding = finding.Message, keyId = finding.Statement?.KeyId, said });
        }
        else
        {
            Terminal.Line(finding.Message);
            if (said is not null)
            {
                string signed = finding.Statement!.IsSigned ? "signed" : "said to be signed";
                Terminal.Line($"{signed} at {said["signed_at"]} by the host key {finding.Statement.KeyId}");
                foreach ((string name, JsonNode? value) in said["made"]?.AsObject() ?? [])
                {
                    Terminal.Line($"  {name}: {value}");
                }
            }
        }

        return finding.IsValid ? ExitCode.Success : ExitCode.Negative;
    }

    private sealed record Finding(ProvenanceStatement? Statement, string Message, bool IsValid);
}
