using System.CommandLine;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen shares add|remove|list</c>.</summary>
internal static class SharesCommand
{
    public static Command Create() => new("shares", "Who else may see a job or an artifact.")
    {
        Make("add", "Shares an artifact, or a job with its events and what it has made so far.", hasSubject: true, (host, item, subject, token) =>
            host.Client.Sharing.ShareAsync(item, subject!, token)),
        Make("remove", "Takes a share back.", hasSubject: true, (host, item, subject, token) =>
            host.Client.Sharing.UnshareAsync(item, subject!, token)),
        Make("list", "Lists with whom an item is shared.", hasSubject: false, (host, item, _, token) => host.Client.Sharing.ListAsync(item, token)),
    };

    private static Command Make(
        string name, string description, bool hasSubject, Func<HostConnection, string, string?, CancellationToken, Task<IReadOnlyList<string>>> run)
    {
        ConnectionOptions connection = new();
        Argument<string> item = new("item") { Description = "job:ID or artifact:ID." };
        Argument<string> subject = new("subject") { Description = "caller:NAME or tenant:NAME." };
        Command command = new(name, description) { item };
        if (hasSubject)
        {
            command.Arguments.Add(subject);
        }

        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, hasSubject ? DataUse.Work : DataUse.Look, cancellationToken);
            IReadOnlyList<string> subjects = await run(
                host, parsed.GetRequiredValue(item), hasSubject ? parsed.GetRequiredValue(subject) : null, cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                JsonLines.Write(new { subjects });
            }
            else
            {
                Terminal.Line(subjects.Count > 0 ? $"shared with {string.Join(", ", subjects)}" : "shared with nobody");
            }

            return ExitCode.Success;
        });
        return command;
    }
}
