using System.CommandLine;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MedGen.Cli.Auditing;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Protos.V1;
using Option = System.CommandLine.Option;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen audit list|verify|export</c>.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Who did what on a host; for the role auditor.") { List(), Verify(), Export() };

    private static Command List()
    {
        ConnectionOptions connection = new();
        AuditFilter filter = new();
        Option<int> limit = new("--limit") { Description = "Number of records, oldest first.", DefaultValueFactory = _ => 100 };
        Command command = new("list", "Lists records, oldest first.") { limit };
        filter.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Look, cancellationToken);
            List<AuditRecord> records = await host.Client.Audit.ListAsync(filter.Read(parsed), cancellationToken).Take(parsed.GetValue(limit))
                .ToListAsync(cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                records.ForEach(record => Console.Out.WriteLine(JsonFormatter.Default.Format(record)));
                return ExitCode.Success;
            }

            Terminal.Table(
                ["record", "time", "caller", "address", "action", "subject", "outcome"],
                records.Select(record => (IReadOnlyList<string>)
                [
                    record.Sequence.ToString(CultureInfo.InvariantCulture), record.Time.ToDateTime().ToString("u", null), record.Caller,
                    record.Address,
                    record.Count > 1 ? $"{record.Action} ×{record.Count}" : record.Action, record.Subject, record.Outcome,
                ]));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Verify()
    {
        ConnectionOptions connection = new();
        Command command = new("verify", "Checks the hash chain, the signed checkpoints and the anchor. Exit code 1: something is wrong.");
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Look, cancellationToken);
            VerifyAuditResponse found = await host.Client.Audit.VerifyAsync(cancellationToken);
            if (parsed.GetValue(connection.Json))
            {
                Console.Out.WriteLine(JsonFormatter.Default.Format(found));
            }
            else
            {
                Terminal.Line(
                    $"{found.Records} records and {found.ArchivedRecords} in archives, {found.Checkpoints} signed checkpoints, "
                    + $"last record {found.LastSequence} {found.LastHash}");
                foreach (AuditFault fault in found.Faults)
                {
                    Terminal.Line($"record {fault.Sequence}: {fault.Reason}: {fault.Message}");
                }

                Terminal.Line(found.Whole ? "The audit log is as it was written." : "The audit log is NOT as it was written.");
            }

            return found.Whole ? ExitCode.Success : ExitCode.Negative;
        });
        return command;
    }

    private static Command Export()
    {
        ConnectionOptions connection = new();
        AuditFilter filter = new();
        Option<AuditFormat> format = new("--format")
        {
            Description = "jsonl: a JSON object a line; syslog: RFC 5424, a message a line; fhir: FHIR R4 AuditEvent, a JSON object a line; "
                + "atna: DICOM PS3.15 audit message, an XML document a line.",
            DefaultValueFactory = _ => AuditFormat.Jsonl,
        };
        Option<string?> output = new("--out") { Description = "File to write; default: standard output." };
        Command command = new("export", "Writes records for another system, oldest first.") { format, output };
        filter.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using HostConnection host = await connection.ConnectAsync(parsed, DataUse.Look, cancellationToken);
            string? path = parsed.GetValue(output) is { } stated ? OutputFile.Prepare(stated) : null;
            await using TextWriter? file = path is null ? null : new StreamWriter(path);
            await foreach (AuditRecord record in host.Client.Audit.ListAsync(filter.Read(parsed), cancellationToken))
            {
                await (file ?? Console.Out).WriteLineAsync(AuditText.Of(record, parsed.GetValue(format)));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private sealed class AuditFilter
    {
        private readonly Option<string?> _caller = new("--caller") { Description = "Only of this caller." };
        private readonly Option<string?> _action = new("--action") { Description = "Only of this operation or event, for instance Login." };
        private readonly Option<string?> _subject = new("--subject") { Description = "Only about this, for instance job:ID or artifact:ID." };
        private readonly Option<string?> _outcome = new("--outcome") { Description = "Only with this outcome, for instance ok or ACCESS_DENIED." };
        private readonly Option<string?> _tenant = new("--tenant") { Description = "Only of this tenant." };
        private readonly Option<long> _after = new("--after") { Description = "Only records after this number." };
        private readonly Option<DateTimeOffset?> _from = new("--from") { Description = "Only from this time on, for instance 2026-11-01T00:00Z." };
        private readonly Option<DateTimeOffset?> _before = new("--before") { Description = "Only before this time." };

        public void AddTo(Command command)
        {
            foreach (Option option in new Option[] { _caller, _action, _subject, _outcome, _tenant, _after, _from, _before })
            {
                command.Options.Add(option);
            }
        }

        public ListAuditRecordsRequest Read(ParseResult parsed) => new()
        {
            PageSize = 1000,
            PageToken = parsed.GetValue(_after) is var after and not 0 ? after.ToString(CultureInfo.InvariantCulture) : "",
            Caller = parsed.GetValue(_caller) ?? "",
            Action = parsed.GetValue(_action) ?? "",
            Subject = parsed.GetValue(_subject) ?? "",
            Outcome = parsed.GetValue(_outcome) ?? "",
            Tenant = parsed.GetValue(_tenant) ?? "",
            FromTime = parsed.GetValue(_from) is { } from ? Timestamp.FromDateTimeOffset(from) : null,
            BeforeTime = parsed.GetValue(_before) is { } before ? Timestamp.FromDateTimeOffset(before) : null,
        };
    }
}
