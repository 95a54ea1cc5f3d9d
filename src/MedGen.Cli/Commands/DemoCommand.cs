using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Demo;
using MedGen.Cli.Output;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen demo</c>: the whole way of a request, on real clips, with a report to look at.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        ConnectionOptions connection = new();
        Option<string> output =
            new("--out") { Description = "Folder for generated.mp4, results.json and report.html.", DefaultValueFactory = _ => "out/demo" };
        Command command = new(
            "demo", "Starts a host, classifies three real clips, generates one from text, and writes a report, all over gRPC.") { output };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool json = parsed.GetValue(connection.Json);
            string folder = Path.GetFullPath(parsed.GetRequiredValue(output));
            DemoRunner runner = new(() => connection.ConnectAsync(parsed, DataUse.Temporary, cancellationToken), folder);
            DemoResults results = await Terminal.WithProgressAsync(json, report => runner.RunAsync(report, cancellationToken));
            if (json)
            {
                JsonLines.Write(results);
                return ExitCode.Success;
            }

            foreach (DemoClassification clip in results.Classifications)
            {
                Terminal.Line($"{clip.File,-20} {clip.Modality} ({clip.Probability:0.00})");
            }

            string noise = results.Model.IsTrained ? "" : $" The weights of {results.Model.Name} are random, so it is noise.";
            Terminal.Line(
                $"generated {results.Generation.Frames} frames of {results.Generation.Width}×{results.Generation.Height} in "
                    + $"{results.Generation.Seconds:0.0} s.{noise}");
            Terminal.Line(
                $"Look at {Path.Combine(folder, DemoRunner.ReportName)} (also {DemoRunner.ClipName} and {DemoRunner.ResultsName} there). "
                    + $"{results.TotalSeconds:0} s in all.");
            return ExitCode.Success;
        });
        return command;
    }
}
