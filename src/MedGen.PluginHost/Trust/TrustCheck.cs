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
        TrustVerdict verdict = Judge(report, IsOwn);
        string? error = WhyRefused(verdict);
        return report with
        {
            Verdict = verdict,
            Findings = error is null ? report.Findings : [.. report.Findings, PluginFinding.Error(Name, error)],
        };
    }

    /// <summary>Judges what is in memory again, whatever has become of its folder.</summary>
    /// <param name="loaded">The report that it was loaded by.</param>
    /// <returns>Why it is not wanted any more; null: it is.</returns>
    public string? WhyUnwanted(PluginFolderReport loaded) => WhyRefused(Judge(loaded, report => report.Verdict?.Origin == PluginOrigin.Platform));

    private string? WhyRefused(TrustVerdict verdict) =>
        verdict.Origin == PluginOrigin.Refused ? verdict.Reason
        : !verdict.IsTrusted && options.Value.Trust == PluginTrust.Signed
            ? $"{verdict.Reason} The setting plugins.trust asks for a trusted publisher's signature."
        : null;

    private bool IsOwn(PluginFolderReport report) =>
        OwnFiles.Hold(report.Folder.Path, $"{report.Folder.Id}/{report.Folder.Version}", options.Value.OwnFiles);

    private TrustVerdict Judge(PluginFolderReport report, Func<PluginFolderReport, bool> isOwn)
    {
        try
        {
            return isOwn(report)
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
        TrustVerdict verdict = report.Pack is { } pack ? store.Judge(pack) : store.JudgeUnsigned(report.Folder.Id);

        // Without the build's list nothing is known to be the platform's own, and developers' builds serve.
        bool isIdOfPlatform = options.Value.OwnFiles.Count > 0 && options.Value.OwnPlugins.Values.Contains(report.Folder.Id);
        return verdict.Origin == PluginOrigin.Unknown && isIdOfPlatform
            ? verdict with { Origin = PluginOrigin.Refused, Reason = $"{verdict.Reason} Its id is the platform's own, its content is not." }
            : verdict;
    }
}
