using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Media;
using MedGen.Phantoms.Procedures;
using MedGen.Training.Procedures;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen phantom procedure</c>.</summary>
internal static class PhantomProcedureCommand
{
    public static Command Create()
    {
        Option<int> count = new("--count") { Description = "Number of procedures.", DefaultValueFactory = _ => 1 };
        Option<int> seed = new("--seed") { Description = "Seed of the data set.", DefaultValueFactory = _ => 1 };
        Option<double> fps = new("--fps") { Description = "Frames per second of the videos.", DefaultValueFactory = _ => 1 };
        Option<int> size = new("--size") { Description = "Width and height of the videos in px.", DefaultValueFactory = _ => 128 };
        Option<string> appearance = new("--appearance")
        {
            Description = "Range of appearances; the ranges are disjoint.",
            DefaultValueFactory = _ => AppearanceRange.Train.Name,
        };
        appearance.AcceptOnlyFromAmong([.. AppearanceRange.All.Select(r => r.Name)]);
        Option<double> scale = new("--duration-scale") { Description = "Factor on the durations of all phases.", DefaultValueFactory = _ => 1 };
        Option<string> output =
            new("--out") { Description = "Output folder; absent or empty, or that of an interrupted run with --resume.", Required = true };
        Option<bool> videos = new("--videos") { Description = "Render videos; without it only labels are written." };
        Option<bool> resume = new("--resume") { Description = "Continue an interrupted run with the same options." };
        Option<bool> json = JsonOption.Create();
        Command command = new("procedure", "Simulates laparoscopic cholecystectomies and writes them in the layout of Cholec80.")
        {
            count, seed, fps, size, appearance, scale, output, videos, resume, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ProcedureDatasetOptions options = new()
            {
                OutputFolder = Path.GetFullPath(parsed.GetRequiredValue(output)),
                Count = parsed.GetValue(count),
                Seed = parsed.GetValue(seed),
                FramesPerSecond = parsed.GetValue(fps),
                Size = parsed.GetValue(size),
                Appearance = parsed.GetRequiredValue(appearance),
                DurationScale = parsed.GetValue(scale),
                Videos = parsed.GetValue(videos),
                Resume = parsed.GetValue(resume),
            };
            return await RunAsync(options, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(ProcedureDatasetOptions options, bool json, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = MediaServices.Create();
        ProcedureDatasetWriter writer = new(services.GetRequiredService<IVideoWriter>());
        IReadOnlyList<ProcedureRecord> records = await Terminal.WithProgressAsync(
            json, async show => await writer.WriteAsync(options, new Report(json, options.Count, show), cancellationToken));
        if (!json)
        {
            Terminal.Line(
                $"{records.Count} procedures, {records.Sum(r => (double)r.Seconds) / 3600:0.0} h, appearance {options.Appearance}, in "
                    + $"{options.OutputFolder}");
        }

        return ExitCode.Success;
    }

    // Progress<T> would report on another thread, out of order.
    private sealed class Report(bool json, int count, Action<string, double> show) : IProgress<ProcedureRecord>
    {
        private int _done;

        void IProgress<ProcedureRecord>.Report(ProcedureRecord value)
        {
            if (json)
            {
                JsonLines.Write(value);
            }

            show(value.Name, (double)++_done / count);
        }
    }
}
