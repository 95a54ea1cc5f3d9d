using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Writing;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Files;

namespace MedGen.Evaluation.Studies.Classifiers;

/// <summary>
/// The user's own program: gets tables of clips, writes a table of probabilities, or of numbers. Each training has a folder, named by the hash of all
/// that it is given; a training whose answers are there already is not run again.
/// </summary>
/// <param name="command">The program and its first arguments.</param>
/// <param name="folder">Folder of the trainings' folders.</param>
/// <param name="classes">The study's classes; null: the outcome is a number.</param>
internal sealed class CommandStudyClassifier(IReadOnlyList<string> command, string folder, string[]? classes) : IStudyClassifier
{
    private const string Field = "classifier";
    private const string PredictionsName = "predictions.csv";
    private const int LongestComplaint = 2000;
    private const string NumberColumn = "prediction";
    private const double SumTolerance = 1e-3;

    public string Name => $"the command '{string.Join(' ', command)}', which reads the clips itself";

    public double? Penalty => null;

    // It may use all cores, or the one accelerator.
    public int Parallelism => 1;

    public async Task<double[][]> AnswerAsync(
        IReadOnlyList<StudyExample> train, IReadOnlyList<StudyExample> asked, int seed, CancellationToken cancellationToken)
    {
        string training = Table(
            ["file", "label", "patient"], train.Select(example => new[] { example.File, Label(example), string.Join('|', example.Patients) }));
        string[] files = [.. asked.Select(example => example.File).Distinct(StringComparer.Ordinal)];
        string test = Table(["file"], files.Select(file => new[] { file }));
        string key = string.Join('\n', [.. command, training, test, seed.ToString(CultureInfo.InvariantCulture)]);
        string own = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16]);
        string predictions = Path.Combine(own, PredictionsName);
        if (!File.Exists(predictions))
        {
            Directory.CreateDirectory(own);
            WholeFile.Write(Path.Combine(own, "train.csv"), training);
            WholeFile.Write(Path.Combine(own, "test.csv"), test);
            string unfinished = predictions + ".part";
            await RunAsync(own, unfinished, seed, cancellationToken).ConfigureAwait(false);
            Read(unfinished, files);
            File.Move(unfinished, predictions);
        }

        Dictionary<string, double[]> answers = Read(predictions, files);
        return [.. asked.Select(example => answers[example.File])];
    }

    private static string Table(IReadOnlyList<string> head, IEnumerable<string[]> rows)
    {
        StringBuilder csv = new();
        CsvText.AppendLine(csv, head);
        foreach (string[] row in rows)
        {
            CsvText.AppendLine(csv, row);
        }

        return csv.ToString();
    }

    private async Task RunAsync(string own, string predictions, int seed, CancellationToken cancellationToken)
    {
        File.Delete(predictions);
        ProcessStartInfo start = new(command[0], [
            .. command.Skip(1), "--train", Path.Combine(own, "train.csv"), "--test", Path.Combine(own, "test.csv"), "--out", predictions,
            "--seed", seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Start(start);
        try
        {
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            string complaint = await process.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await output.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                throw new InvalidInputException(
                    Field, $"'{command[0]}' ended with {process.ExitCode}: {complaint[Math.Max(0, complaint.Length - LongestComplaint)..].Trim()}");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InvalidInputException(Field, $"'{command[0]}' cannot be started: {error.Message}.");
        }
    }

    private Dictionary<string, double[]> Read(string path, IReadOnlyList<string> files)
    {
        if (!File.Exists(path))
        {
            throw new InvalidInputException(Field, $"'{command[0]}' ended without writing the file that --out names.");
        }

        string[] columns = classes is null ? [NumberColumn] : [.. classes.Select(name => $"p_{name}")];
        CsvTable table = CsvTable.Read(path, Field, ["file", .. columns]);
        Dictionary<string, double[]> answers = new(StringComparer.Ordinal);
        foreach (CsvRow row in table.Rows)
        {
            double[] answer = [.. columns.Select(column => Number(row, column))];
            if (classes is not null && Math.Abs(answer.Sum() - 1) > SumTolerance)
            {
                throw row.Wrong(
                    columns[0], string.Create(CultureInfo.InvariantCulture, $"the probabilities add up to {answer.Sum():0.####}; allowed is 1"));
            }

            if (!answers.TryAdd(row["file"], answer))
            {
                throw row.Wrong("file", $"'{row["file"]}' is there twice");
            }
        }

        return files.FirstOrDefault(file => !answers.ContainsKey(file)) is { } missing
            ? throw new InvalidInputException(Field, $"the answers of '{command[0]}' lack '{missing}'; every file of --test needs a line.")
            : answers;
    }

    private string Label(StudyExample example) =>
        classes is null ? example.Number.ToString("R", CultureInfo.InvariantCulture) : example.Class;

    private double Number(CsvRow row, string column) =>
        double.TryParse(row[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && (classes is null ? double.IsFinite(value) : value is >= 0 and <= 1)
            ? value
            : throw row.Wrong(column, $"got '{row[column]}'; allowed is a {(classes is null ? "finite number" : "number from 0 to 1")}");
}
