using System.Globalization;
using Spectre.Console;

namespace MedGen.Cli.Output;

/// <summary>What people see: answers on standard output, progress on standard error.</summary>
internal static class Terminal
{
    private static readonly IAnsiConsole Error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static void Line(string text) => Console.Out.WriteLine(Shown(text));

    public static void Warning(string text) => Console.Error.WriteLine($"warning: {Shown(text)}");

    /// <summary>A text as it may go to a terminal: what steers one, or the direction of what is written, may come from a stranger's file.</summary>
    public static string Shown(string text) => string.Concat(text.ReplaceLineEndings("\n").Select(c =>
        (char.IsControl(c) && c is not ('\n' or '\t')) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '?' : c));

    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow(row.Select(cell => Markup.Escape(Shown(cell))).ToArray());
        }

        if (Console.IsOutputRedirected)
        {
            // A file or pipe has no width; cells that wrap could not be searched.
            AnsiConsole.Profile.Width = 400;
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Runs work under a progress bar; where standard error is no terminal, a line now and then says how far it is.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="quiet">Whether nothing is shown at all, as under <c>--json</c>.</param>
    /// <param name="work">The work; it is given what shows a description and the share that is done, 0 to 1.</param>
    public static async Task<T> WithProgressAsync<T>(bool quiet, Func<Action<string, double>, Task<T>> work)
    {
        if (quiet)
        {
            return await work((_, _) => { });
        }

        if (Console.IsErrorRedirected)
        {
            return await work(new ProgressLines(Console.Error, TimeProvider.System).Show);
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
