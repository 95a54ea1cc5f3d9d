using System.CommandLine;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MedGen.Cli.Analysis;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Protos.V1;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen analyze FILES --task TASK</c>: any task that a plugin offers.</summary>
internal static class AnalyzeCommand
{
    public static Command Create()
    {
        ConnectionOptions connection = new();
        Argument<string[]> files = new("files") { Description = "Clips or stills, each analysed by itself.", Arity = ArgumentArity.ZeroOrMore };
        Option<string> task = new("--task") { Description = "What to look for, for instance imaging-modality.", Required = true };
        Option<string?> plugin = PluginOption.Create();
        Option<string[]> inputs = new("--input")
        {
            Description = "Instead of files, for an analysis of several clips: ROLE=FILE, once for each role.",
            DefaultValueFactory = _ => [],
        };
        Option<string[]> parameters = ParameterOption.Create();
        Option<string?> output = new("--out") { Description = "Folder for files that the analysis makes, such as reports." };
        Command command = new("analyze", "Analyses videos and stills: labels, measurements, regions, texts, as the plugin describes them.")
        {
            files, task, plugin, inputs, parameters, output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(files) is { Length: > 0 } == result.GetValue(inputs) is { Length: > 0 })
            {
                result.AddError("Give either files or --input.");
            }
        });
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            AnalyzeVideoRequest request = new()
            {
                Task = parsed.GetRequiredValue(task),
                PluginId = parsed.GetValue(plugin) ?? "",
                Parameters = ParameterOption.Parse(parsed.GetRequiredValue(parameters)),
                OmitInterim = true,
                Options = new JobOptions { CancelOnDisconnect = true },
            };
            (string Role, string File)[][] analyses = parsed.GetRequiredValue(inputs) is { Length: > 0 } several
                ? [[.. several.Select(ParseInput)]]
                : [.. parsed.GetRequiredValue(files).Select(file => new[] { ("", file) })];
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Temporary, cancellationToken);
            return await FileByFile.RunAsync(
                analyses, analysis => string.Join(", ", analysis.Select(input => input.File)), async analysis =>
                {
                    AnalysisAnswer answer = await RunAsync(host, request, analysis, cancellationToken);
                    await SaveAsync(host, answer, parsed.GetValue(output), cancellationToken);
                    Write(analysis, answer, parsed.GetValue(connection.Json));
                });
        });
        return command;
    }

    /// <summary>Uploads clips, analyses them, and deletes them again.</summary>
    public static async Task<AnalysisAnswer> RunAsync(
        HostConnection host, AnalyzeVideoRequest request, IReadOnlyList<(string Role, string File)> clips, CancellationToken cancellationToken)
    {
        AnalyzeVideoRequest asked = request.Clone();
        Stack<UploadedFile> uploads = [];
        try
        {
            foreach ((string role, string file) in clips)
            {
                uploads.Push(await UploadedFile.CreateAsync(host, file, cancellationToken));
                asked.Inputs.Add(new AnalysisInput { Role = role, ArtifactId = uploads.Peek().Artifact.ArtifactId });
            }

            return await AnalysisAnswer.ReadAsync(host.Client.Analysis.AnalyzeAsync(asked, cancellationToken), cancellationToken);
        }
        finally
        {
            while (uploads.TryPop(out UploadedFile? upload))
            {
                await upload.DisposeAsync();
            }
        }
    }

    private static (string Role, string File) ParseInput(string text) => text.Split('=', 2) is [{ Length: > 0 } role, { Length: > 0 } file]
        ? (role, file)
        : throw new InvalidInputException("input", $"got '{text}'; allowed: ROLE=FILE.");

    private static async Task SaveAsync(HostConnection host, AnalysisAnswer answer, string? folder, CancellationToken cancellationToken)
    {
        foreach (FindingFile file in answer.Findings.Where(_ => folder is not null).Select(finding => finding.File).OfType<FindingFile>())
        {
            Directory.CreateDirectory(folder!);
            string path = Path.Combine(folder!, Path.GetFileName(file.FileName));
            await host.Client.Artifacts.DownloadAsync(file.ArtifactId, path, cancellationToken: cancellationToken);
        }
    }

    private static void Write(IReadOnlyList<(string Role, string File)> clips, AnalysisAnswer answer, bool json)
    {
        string name = string.Join(", ", clips.Select(clip => clip.File));
        if (json)
        {
            Struct line = new();
            line.Fields["file"] = Value.ForString(name);
            line.Fields["analyzer"] = Value.ForStruct(Struct.Parser.ParseJson(JsonFormatter.Default.Format(answer.Analyzer)));
            line.Fields["frames"] = Value.ForNumber(answer.Frames);
            line.Fields["findings"] = Value.ForList(
                [.. answer.Findings.Select(finding => Value.ForStruct(Struct.Parser.ParseJson(JsonFormatter.Default.Format(finding))))]);
            Console.Out.WriteLine(JsonFormatter.Default.Format(line));
            return;
        }

        Terminal.Line($"{name}: {answer.Frames} frames, by {answer.Analyzer.PluginId} {answer.Analyzer.PluginVersion}");
        Terminal.Table(
            ["where", "output", "finding"],
            answer.Findings.Select(finding => (IReadOnlyList<string>)[FindingText.Where(finding), finding.Output, FindingText.What(finding)]));
    }
}
