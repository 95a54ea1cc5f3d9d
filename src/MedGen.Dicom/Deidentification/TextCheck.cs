using System.Diagnostics;
using System.Globalization;
using System.Text;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Dicom.Deidentification;

/// <summary>Looks for text in a picture by tesseract, in the sandbox.</summary>
internal static class TextCheck
{
    private const string Program = "tesseract";
    private const double LeastConfidence = 60;
    private const int ShortestWord = 3;
    private const int TextColumn = 11;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private static string? Location => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator,
        StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    public static bool IsInstalled => Location is not null;

    /// <returns>Words of three letters or digits at least that it is fairly sure of.</returns>
    /// <exception cref="MediaException">It failed.</exception>
    public static async Task<int> CountWordsAsync(VideoFrame frame, SandboxMode sandbox, CancellationToken cancellationToken)
    {
        string picture = Path.Combine(Path.GetTempPath(), $"medgen-{Guid.NewGuid():N}.ppm");
        try
        {
            byte[] header = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P6\n{frame.Width} {frame.Height}\n255\n"));
            await File.WriteAllBytesAsync(picture, [.. header, .. frame.Pixels.Span], cancellationToken).ConfigureAwait(false);
            SandboxedCommand command = new()
            {
                Program = Location!,
                Arguments = [picture, "stdout", "--psm", "11", "tsv"],
                Readable = [picture],
                Environment = new Dictionary<string, string> { ["OMP_THREAD_LIMIT"] = "1", ["LANG"] = "C.UTF-8" },
                Limits = new SandboxLimits { AddressSpaceBytes = 4L << 30, CpuSeconds = (int)Timeout.TotalSeconds },
            };
            using Process process = ProcessSandbox.For(sandbox).Start(command);
            using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            late.CancelAfter(Timeout);
            try
            {
                process.StandardInput.Close();
                Task<string> errors = process.StandardError.ReadToEndAsync(late.Token);
                string table = await process.StandardOutput.ReadToEndAsync(late.Token).ConfigureAwait(false);
                await process.WaitForExitAsync(late.Token).ConfigureAwait(false);
                _ = await errors.ConfigureAwait(false);
                return process.ExitCode == 0
                    ? table.Split('\n').Skip(1).Count(IsWord)
                    : throw new MediaException("frame", $"{Program} ended with code {process.ExitCode}; the text check was not done.");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new MediaException("frame", $"{Program} did not end within {Timeout.TotalSeconds:0} s; the text check was not done.");
            }
            finally
            {
                ProcessTree.Kill(process);
            }
        }
        finally
        {
            File.Delete(picture);
        }
    }

    // Columns of its table: …, conf, text.
    private static bool IsWord(string line) =>
        line.Split('\t') is { Length: > TextColumn } cells
        && double.TryParse(cells[TextColumn - 1], NumberStyles.Float, CultureInfo.InvariantCulture, out double confidence)
        && confidence >= LeastConfidence && cells[TextColumn].Count(char.IsLetterOrDigit) >= ShortestWord;
}
