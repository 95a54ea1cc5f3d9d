using System.Diagnostics;
using System.Globalization;
using MedGen.Curation.Specifications;
using MedGen.Media.Images;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Stages;

/// <summary>Counts words in a frame by tesseract, in the sandbox: it reads the frame from a pipe and nothing else.</summary>
internal sealed class TextReader(TextSpec spec)
{
    private const int ConfidenceColumn = 10;
    private const int TextColumn = 11;
    private const int LevelOfWords = 5;
    private const int ShortestWord = 2;

    private static readonly string[] Folders = ["/usr/bin", "/usr/local/bin", "/bin"];
    private static readonly SandboxLimits Limits = new() { AddressSpaceBytes = 2L << 30, CpuSeconds = 120 };

    /// <summary>Where it is; null: it is not installed.</summary>
    public static string? Program { get; } = Folders.Select(folder => Path.Combine(folder, "tesseract")).FirstOrDefault(File.Exists);

    /// <summary>Counts the words of a frame: two letters or more, of which tesseract is sure enough.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="cancellationToken">Ends tesseract.</param>
    /// <exception cref="FailedPreconditionException">Tesseract fails, for instance since it has no data of the language.</exception>
    public async Task<int> CountWordsAsync(VideoFrame frame, CancellationToken cancellationToken)
    {
        SandboxedCommand command = new()
        {
            Program = Program!,
            Arguments = ["stdin", "stdout", "-l", spec.Language, "--psm", "11", "tsv"],
            Environment = new Dictionary<string, string> { ["OMP_THREAD_LIMIT"] = "1" },
            Limits = Limits,
        };
        byte[] picture = FrameImage.EncodePng(frame, provenanceId: null);
        using Process process = ProcessSandbox.For(SandboxMode.Auto).Start(command);
        using CancellationTokenRegistration end = cancellationToken.Register(() => ProcessTree.Kill(process));
        try
        {
            Task<string> answer = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> complaint = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(picture, cancellationToken).ConfigureAwait(false);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has ended before it read all; its exit code and complaint say why.
            }

            string lines = await answer.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return process.ExitCode == 0
                ? lines.Split('\n').Skip(1).Count(IsWord)
                : throw new FailedPreconditionException(
                    "TESSERACT_FAILED", $"tesseract ended with code {process.ExitCode}: {(await complaint.ConfigureAwait(false)).Trim()}");
        }
        finally
        {
            ProcessTree.Kill(process);
        }
    }

    private bool IsWord(string line)
    {
        string[] cells = line.Split('\t');
        return cells.Length > TextColumn && cells[0] == LevelOfWords.ToString(CultureInfo.InvariantCulture)
            && double.TryParse(cells[ConfidenceColumn], NumberStyles.Float, CultureInfo.InvariantCulture, out double sure)
                && sure >= spec.MinConfidence
            && cells[TextColumn].Count(char.IsLetterOrDigit) >= ShortestWord;
    }
}
