using System.CommandLine;
using MedGen.Cli;
using MedGen.Cli.Commands;

RootCommand root = new("MedGen Platform: generation, augmentation and analysis of medical video. For research and augmentation, not for diagnosis.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    GenerateCommand.Create(),
    AugmentCommand.Create(),
    StudyCommand.Create(),
    ClassifyCommand.Create(),
    JobsCommand.Create(),
    ArtifactsCommand.Create(),
    PluginsCommand.Create(),
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

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}
catch (Exception exception)
{
    return ErrorReport.Write(exception);
}

static IEnumerable<string> Names(ParseResult parsed)
{
    Stack<string> names = [];
    for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is System.CommandLine.Parsing.CommandResult { Parent: not null } command; at = at.Parent)
    {
        names.Push(command.Command.Name);
    }

    return names;
}
