using System.CommandLine;
using System.CommandLine.Parsing;
using MedGen.Cli;
using MedGen.Cli.Commands;
using MedGen.Cli.Output;

RootCommand root = MedGenRootCommand.Create();
ParseResult parsed;
try
{
    parsed = root.Parse(args);
}
catch (InvalidOperationException error)
{
    // A rule of an option has asked for a value that is none; the parser has no other way to say so.
    await Console.Error.WriteLineAsync($"error: {UsageText.Of(error.Message)}");
    return ExitCode.Usage;
}

if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync($"error: {UsageText.Of(error.Message)}");
    }

    await Console.Error.WriteLineAsync($"'{string.Join(' ', ["medgen", .. Names(parsed)])} --help' shows what is allowed.");
    return ExitCode.Usage;
}

using StopSignals stop = StopSignals.Listen();
try
{
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
}
catch (Exception exception)
{
    return ErrorReport.Write(exception);
}

static IEnumerable<string> Names(ParseResult parsed)
{
    Stack<string> names = [];
    for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Parent: not null } command; at = at.Parent)
    {
        names.Push(command.Command.Name);
    }

    return names;
}
