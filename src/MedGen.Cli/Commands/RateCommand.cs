using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Datasets.Ratings;
using MedGen.Evaluation.Ratings;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.WebConsole.Rating;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen rate</c>: people rate clips, and what their ratings come to.</summary>
internal static class RateCommand
{
    public static Command Create() =>
        new("rate", "People rate clips in a browser on this machine; agreement, win rates, totals.") { Serve(), Report() };

    private static Command Serve()
    {
        Option<string> videos = new("--videos") { Description = "Folder with one folder of clips for each system.", Required = true };
        Option<string> design = new("--design") { Description = "JSON file with systems and questions: docs/benchmark.md.", Required = true };
        Option<string> output = new("--out") { Description = "Folder for ratings.csv; the same again goes on.", Required = true };
        Option<int> port = new("--port") { Description = "Port on the loopback address. Default: a free one." };
        Command command = new("serve", "Serves the form until Ctrl+C. Raters use the printed address, on this machine.")
        {
            videos, design, output, port,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RatingDesign asked = RatingDesign.Read(parsed.GetRequiredValue(design));
            await using ServiceProvider services = MediaServices.Create();
            IVideoReader reader = services.GetRequiredService<IVideoReader>();
            RatingPlan plan = await RatingPlan.MakeAsync(asked, Path.GetFullPath(parsed.GetRequiredValue(videos)), async path =>
            {
                IVideoClip clip = await reader.OpenAsync(path, cancellationToken);
                return clip.Info.Duration?.TotalSeconds ?? 0;
            });
            foreach (string reason in plan.LeftOut)
            {
                Terminal.Warning(reason);
            }

            using RatingLog log = RatingLog.Open(Path.GetFullPath(parsed.GetRequiredValue(output)));
            await using RatingServer server = await RatingServer.StartAsync(
                plan, log, asked.Title, parsed.GetValue(port), TimeProvider.System, cancellationToken);
            Terminal.Line($"{plan.Items.Count} pages for each rater: {server.Address}");
            Terminal.Line($"answers: {log.Path}; Ctrl+C ends");
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Report()
    {
        Option<string[]> ratings = new("--ratings") { Description = "CSV of rate serve; may be repeated.", Required = true };
        Option<string[]> vbench = new("--vbench")
        {
            Description = "SYSTEM=FILE: vbench.json of a system, for the total of the paper; may be repeated.",
        };
        Option<string?> output = new("--out") { Description = "Folder for the report. Default: it is printed only." };
        Option<bool> json = JsonOption.Create();
        Command command = new("report", "Krippendorff's alpha, means, win rates, Bradley-Terry strengths, totals.") { ratings, vbench, output, json };
        command.SetAction(parsed =>
        {
            RatingRow[] rows = [.. parsed.GetRequiredValue(ratings).SelectMany(RatingTable.Read)];
            Dictionary<string, double> automatic = [];
            foreach (string one in parsed.GetValue(vbench) ?? [])
            {
                string[] parts = one.Split('=', 2);
                if (parts is not [{ Length: > 0 } system, { Length: > 0 } path] || !automatic.TryAdd(system, RatingAnalysis.ReadAutomatic(path)))
                {
                    throw new InvalidInputException("vbench", $"got '{one}'; allowed: SYSTEM=FILE, each system once.");
                }
            }

            RatingSummary summary = RatingAnalysis.Of(rows, automatic);
            if (parsed.GetValue(output) is { } folder)
            {
                RatingReport.Write(folder, summary);
            }

            if (parsed.GetValue(json))
            {
                JsonLines.Write(summary);
            }
            else
            {
                Terminal.Line(RatingReport.Text(summary));
            }

            return ExitCode.Success;
        });
        return command;
    }
}
