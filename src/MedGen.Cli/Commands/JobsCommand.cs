using System.CommandLine;
using MedGen.Cli.Analysis;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Protos.V1;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen jobs list|get|watch|cancel|delete</c>.</summary>
internal static class JobsCommand
{
    public static Command Create() => new("jobs", "Lists, follows, cancels and deletes jobs.") { List(), Get(), Watch(), Cancel(), Delete() };

    private static Command List()
    {
        ConnectionOptions connection = new();
        Option<int> limit = new("--limit") { Description = "Number of jobs, newest first.", DefaultValueFactory = _ => 50 };
        Command command = new("list", "Lists jobs, newest first.") { limit };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Look, cancellationToken);
            List<Job> jobs = await host.Client.Jobs.ListAsync(cancellationToken: cancellationToken).Take(parsed.GetValue(limit))
                .ToListAsync(cancellationToken);
            Write(jobs, parsed.GetValue(connection.Json));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Get()
    {
        ConnectionOptions connection = new();
        Argument<string> id = new("job");
        Command command = new("get", "Shows a job.") { id };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Look, cancellationToken);
            Write([await host.Client.Jobs.GetAsync(parsed.GetRequiredValue(id), cancellationToken)], parsed.GetValue(connection.Json));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Watch()
    {
        ConnectionOptions connection = new();
        Argument<string> id = new("job");
        Option<long> after = new("--after") { Description = "Only events with a higher number." };
        Command command = new("watch", "Follows a job's events until it has ended. Exit code 1: it did not succeed.") { id, after };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Work, cancellationToken);
            JobState last = JobState.Unspecified;
            await foreach (JobEvent @event in host.Client.Jobs.WatchAsync(parsed.GetRequiredValue(id), parsed.GetValue(after), cancellationToken))
            {
                last = @event.State?.State ?? last;
                if (parsed.GetValue(connection.Json))
                {
                    Console.Out.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(@event));
                }
                else
                {
                    Terminal.Line($"{@event.Number,4} {@event.Time.ToDateTime():HH:mm:ss} {Describe(@event)}");
                }
            }

            return last is JobState.Failed or JobState.Cancelled ? ExitCode.Negative : ExitCode.Success;
        });
        return command;
    }

    private static Command Cancel()
    {
        ConnectionOptions connection = new();
        Argument<string> id = new("job");
        Command command = new("cancel", "Cancels a job: at once if queued, otherwise at its next step.") { id };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Work, cancellationToken);
            Write([await host.Client.Jobs.CancelAsync(parsed.GetRequiredValue(id), cancellationToken)], parsed.GetValue(connection.Json));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Delete()
    {
        ConnectionOptions connection = new();
        Argument<string> id = new("job");
        Command command = new("delete", "Deletes a job that has ended, with its events and its prompt. Its files stay.") { id };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Work, cancellationToken);
            await host.Client.Jobs.DeleteAsync(parsed.GetRequiredValue(id), cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(IReadOnlyList<Job> jobs, bool json)
    {
        if (json)
        {
            foreach (Job job in jobs)
            {
                Console.Out.WriteLine(Google.Protobuf.JsonFormatter.Default.Format(job));
            }

            return;
        }

        Terminal.Table(
            ["job", "kind", "state", "steps", "created"],
            jobs.Select(job => (IReadOnlyList<string>)
                [job.JobId, job.Kind.ToString(), job.State.ToString(), $"{job.StepsDone}/{job.StepsTotal}",
                    job.CreatedAt.ToDateTime().ToString("u", null)]));
    }

    private static string Describe(JobEvent @event) => @event.PayloadCase switch
    {
        JobEvent.PayloadOneofCase.State => $"{@event.State.State} {@event.State.Error?.Message ?? @event.State.Note}".TrimEnd(),
        JobEvent.PayloadOneofCase.Progress => @event.Progress.Describe(),
        JobEvent.PayloadOneofCase.Findings => string.Join(
            "; ", @event.Findings.Findings_.Take(3).Select(finding => $"{FindingText.Where(finding)}: {finding.Output} {FindingText.What(finding)}"))
            + (@event.Findings.Findings_.Count > 3 ? $"; and {@event.Findings.Findings_.Count - 3} more" : ""),
        JobEvent.PayloadOneofCase.AnalysisSummary => $"complete: {@event.AnalysisSummary.FramesAnalyzed} frames",
        JobEvent.PayloadOneofCase.CurationSummary => $"curated: {@event.CurationSummary.Clips} clips of {@event.CurationSummary.Films} films",
        JobEvent.PayloadOneofCase.Result => $"artifact {@event.Result.ArtifactId}",
        JobEvent.PayloadOneofCase.Checkpoint => $"saved after step {@event.Checkpoint.Step}",
        JobEvent.PayloadOneofCase.Restart => $"starts again: {@event.Restart.Reason}",
        _ => @event.PayloadCase.ToString(),
    };
}
