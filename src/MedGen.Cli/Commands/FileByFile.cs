namespace MedGen.Cli.Commands;

/// <summary>
/// Does the same for several files: one bad file does not keep the others from their answer; the first failure decides the exit code.
/// </summary>
internal static class FileByFile
{
    public static async Task<int> RunAsync<T>(IEnumerable<T> items, Func<T, string> nameOf, Func<T, Task> run)
    {
        int exitCode = ExitCode.Success;
        foreach (T item in items)
        {
            try
            {
                await run(item);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                (int code, string message) = ErrorReport.Describe(exception);
                await Console.Error.WriteLineAsync($"error: {nameOf(item)}: {message}");
                exitCode = exitCode == ExitCode.Success ? code : exitCode;
            }
        }

        return exitCode;
    }
}
