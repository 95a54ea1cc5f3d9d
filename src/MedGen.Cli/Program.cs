using System.CommandLine;
using System.CommandLine.Parsing;
using MedGen.Cli;
using MedGen.Cli.Commands;

RootCommand root = new("MedGen Platform: generation, augmentation and analysis of medical video. For research and augmentation, not for diagnosis.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    ConfigCommand.Create(),
    GenerateCommand.Create(),
    AugmentCommand.Create(),
    StudyCommand.Create(),
    AnalyzeCommand.Create(),
    ClassifyCommand.Create(),
    DicomCommand.Create(),
    JobsCommand.Create(),
    ArtifactsCommand.Create(),
    SharesCommand.Create(),
    ProvenanceCommand.Create(),
    AuditCommand.Create(),
    StoreCommand.Create(),
    PluginsCommand.Create(),
    PluginWorkerCommand.Create(),
    ModelCommand.Create(),
    PhantomCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    DoctorCommand.Create(),
};

ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync($"error: {error.Message}");
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
