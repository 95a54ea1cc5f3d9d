using MedGen.PluginHost.Checks;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Options;

namespace MedGen.PluginHost.Trust;

/// <summary>Asks of a checked folder where it comes from, and whether the settings allow that.</summary>
internal sealed class TrustCheck(IOptions<PluginHostOptions> options)
{
    /// <summary>Name of the check in findings.</summary>
    public const string Name = "trust";

    /// <summary>Adds the verdict to a report, and an error if the plugin is not to be loaded.</summary>
    public PluginFolderReport Run(PluginFolderReport report)
    {
        TrustVerdict verdict = Judge(report);
        string? error = verdict.Origin == PluginOrigin.Refused ? verdict.Reason
            : !verdict.IsTrusted && options.Value.Trust == PluginTrust.Signed
                ? $"{verdict.Reason} The setting plugins.trust asks for a trusted publisher's signature."
            : null;
        return report with
        {
            Verdict = verdict,
            Findings = error is null ? report.Findings : [.. report.Findings, PluginFinding.Error(Name, error)],
        };
    }

    private TrustVerdict Judge(PluginFolderReport report)
    {
        PluginFolder folder = report.Folder;
        try
        {
            return OwnFiles.Hold(folder.Path, $"{folder.Id}/{folder.Version}", options.Value.OwnFiles)
                ? new TrustVerdict { Origin = PluginOrigin.Platform, Reason = "It is the platform's own." }
                : JudgePack(report);
        }
        catch (Exception e) when (e is InvalidInputException or IOException or UnauthorizedAccessException)
        {
            // Who is denied cannot be known, so nobody is let in.
            return new TrustVerdict { Origin = PluginOrigin.Refused, Reason = $"Nothing can be said about its publisher: {e.Message}" };
        }
    }

    private TrustVerdict JudgePack(PluginFolderReport report)
    {
        TrustStore store = TrustStore.Load(options.Value.TrustFile);
        return report.Pack is { } pack
            ? store.Judge(pack)
            : new TrustVerdict { Origin = PluginOrigin.Unknown, Reason = "It is not signed." };
    }
}
