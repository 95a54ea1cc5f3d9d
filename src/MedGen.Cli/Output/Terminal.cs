using Spectre.Console;

namespace MedGen.Cli.Output;

/// <summary>What people see: answers on standard output, progress on standard error and only when that is a terminal.</summary>
internal static class Terminal
{
    private static readonly IAnsiConsole Error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static void Line(string text) => Console.Out.WriteLine(text);

    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow(row.Select(Markup.Escape).ToArray());
        }

        if (Console.IsOutputRedirected)
        {
            // A file or pipe has no width; cells that wrap could not be searched.
            AnsiConsole.Profile.Width = 400;
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Runs work under a progress bar; without a terminal (or under <c>--json</c>) the work runs alone.</summary>
    public static async Task<T> WithProgressAsync<T>(bool quiet, Func<Action<string, double>, Task<T>> work)
    {
        if (quiet || Console.IsErrorRedirected)
        {
            return await work((_, _) => { });
        }

        return await Error.Progress().AutoClear(true).StartAsync(async context =>
        {
            ProgressTask task = context.AddTask("starting", maxValue: 1);
            return await work((description, fraction) =>
            {
                task.Description = Markup.Escape(description);
                task.Value = fraction;
            });
        });
    }
}
