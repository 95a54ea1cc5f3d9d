using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Classifiers.Training.SurgicalPhase.Evaluation;

/// <summary>
/// Reads label files as Cholec80 and AutoLaparo have them, and CSV exports: a line per frame with frame number and phase
/// (name or id), or the phase alone; tabs, commas or blanks between; with or without a header line. Columns <c>p_NAME</c> hold probabilities.
/// </summary>
public static class PhaseFileReader
{
    /// <summary>Start of the names of the columns with probabilities.</summary>
    internal const string ProbabilityPrefix = "p_";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <param name="workflow">The phases that it may name.</param>
    /// <returns>The phases.</returns>
    /// <exception cref="InvalidInputException">A line is wrong; file and line are named.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PhaseAnnotation Read(string path, SurgicalWorkflow workflow)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(workflow);
        return new Parser(Path.GetFileName(path), workflow).Parse(File.ReadLines(path));
    }

    private sealed class Parser(string name, SurgicalWorkflow workflow)
    {
        private const int LongestShown = 60;

        private readonly List<long> _frames = [];
        private readonly List<int> _phases = [];
        private readonly List<double> _seconds = [];
        private readonly List<double[]> _probabilities = [];
        private int _frameColumn;
        private int _phaseColumn = 1;
        private int _secondsColumn = -1;
        private int[]? _probabilityColumns;

        public PhaseAnnotation Parse(IEnumerable<string> lines)
        {
            int number = 0;
            foreach (string line in lines)
            {
                number++;
                string[] cells = Split(line);
                if (cells is [""])
                {
                    continue;
                }

                if (number == 1 && IsHeader(cells))
                {
                    ReadHeader(cells);
                }
                else
                {
                    ReadLine(number, cells);
                }
            }

            return _phases.Count == 0
                ? throw new InvalidInputException("phases", $"{name}: the file has no line with a phase.")
                : new PhaseAnnotation
                {
                    Source = name,
                    Frames = _frames,
                    Seconds = _secondsColumn < 0 ? null : _seconds,
                    Phases = _phases,
                    Probabilities = _probabilityColumns is null ? null : _probabilities,
                };
        }

        // A blank separates two cells only: names of phases may hold blanks.
        private static string[] Split(string line)
        {
            string text = line.Trim('\uFEFF', ' ', '\r');
            return text.Contains('\t') ? text.Split('\t', StringSplitOptions.TrimEntries)
                : text.Contains(',') ? text.Split(',', StringSplitOptions.TrimEntries)
                : text.Length > 0 && char.IsAsciiDigit(text[0]) ? text.Split(' ', 2, StringSplitOptions.TrimEntries)
                : [.. text.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).DefaultIfEmpty("")];
        }

        private bool IsHeader(string[] cells) => !IsFrame(cells[0], out _) && workflow.Find(cells[0]) is null && cells.All(c => !IsFrame(c, out _));

        private static bool IsFrame(string cell, out long frame) => long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out frame);

        private void ReadHeader(string[] cells)
        {
            List<string> columns = [.. cells.Select(c => c.ToUpperInvariant())];
            int phase = columns.IndexOf("PHASE");
            if (phase >= 0)
            {
                _phaseColumn = phase;
                _frameColumn = columns.IndexOf("FRAME");
                _secondsColumn = columns.IndexOf("SECONDS");
            }

            int[] probabilities = [.. workflow.Phases.Select(p => columns.IndexOf((ProbabilityPrefix + p).ToUpperInvariant()))];
            _probabilityColumns = probabilities.All(c => c >= 0) ? probabilities : null;
        }

        private void ReadLine(int number, string[] cells)
        {
            bool alone = cells.Length == 1;
            int phaseColumn = alone ? 0 : _phaseColumn;
            if (phaseColumn >= cells.Length)
            {
                throw Wrong(number, $"the line has {cells.Length} cells, the phase is expected in cell {phaseColumn + 1}");
            }

            long frame = _phases.Count;
            if (!alone && _frameColumn >= 0 && !IsFrame(cells[_frameColumn], out frame))
            {
                throw Wrong(number, $"got '{Shown(cells[_frameColumn])}' as the frame number, a whole number of at least 0 is expected");
            }

            if (_frames.Count > 0 && frame <= _frames[^1])
            {
                throw Wrong(number, $"frame {frame} follows frame {_frames[^1]}; frame numbers must ascend");
            }

            _frames.Add(frame);
            _phases.Add(workflow.Find(cells[phaseColumn]) ?? throw Wrong(
                number,
                $"unknown phase '{Shown(cells[phaseColumn])}'; allowed: {string.Join(", ", workflow.Phases)}"
                + $" or the ids {workflow.FirstId} to {workflow.FirstId + workflow.Phases.Count - 1}"));
            if (_secondsColumn >= 0)
            {
                _seconds.Add(
                    Number(cells, _secondsColumn) is { } seconds and >= 0
                        ? seconds
                        : throw Wrong(number, $"cell {_secondsColumn + 1} is no time in seconds"));
            }

            if (_probabilityColumns is { } columns)
            {
                _probabilities.Add([.. columns.Select(c => Probability(number, cells, c))]);
            }
        }

        private double Probability(int number, string[] cells, int column) =>
            Number(cells, column) is { } value and >= 0 and <= 1 ? value : throw Wrong(number, $"cell {column + 1} is no probability in [0, 1]");

        private static double? Number(string[] cells, int column) =>
            column < cells.Length && double.TryParse(
                cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

        // What is no label file at all may hold anything, and the terminal would obey it.
        private static string Shown(string cell) =>
            string.Concat(cell.Take(LongestShown).Select(c => char.IsControl(c) ? '\uFFFD' : c)) + (cell.Length > LongestShown ? "…" : "");

        private InvalidInputException Wrong(int number, string what) => new("phases", $"{name}, line {number}: {what}.");
    }
}
