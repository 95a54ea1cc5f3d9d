using MedGen.Sdk.Errors;
using static TorchSharp.torch;

namespace MedGen.Model.Verification;

/// <summary>Collects the comparisons of one part.</summary>
internal sealed class VerificationReport(string part)
{
    private readonly List<VerificationRecord> _records = [];

    public IReadOnlyList<VerificationRecord> Records => _records;

    /// <summary>Runs a case; whatever it throws becomes a failed row.</summary>
    public void Try(string name, Action run)
    {
        try
        {
            using var scope = NewDisposeScope();
            run();
        }
#pragma warning disable CA1031 // A fixture that cannot be run is a result.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // The native part of torch reports where in its sources it happened, over many lines.
            string message = exception.Message.Split('\n')[0];
            Fail(name, exception is MedGenException ? exception.Message : $"{exception.GetType().Name}: {message}");
        }
    }

    /// <summary>Compares two tensors in float64.</summary>
    public void Compare(string name, Tensor actual, Tensor expected, double tolerance)
    {
        if (!actual.shape.SequenceEqual(expected.shape))
        {
            Fail(name, $"got shape [{string.Join(", ", actual.shape)}], expected [{string.Join(", ", expected.shape)}].", tolerance);
            return;
        }

        using var scope = NewDisposeScope();
        double difference = expected.numel() == 0
            ? 0
            : (actual.to(ScalarType.Float64, CPU) - expected.to(ScalarType.Float64, CPU)).abs().max().item<double>();
        Add(name, difference, tolerance);
    }

    /// <summary>Compares two rows of numbers.</summary>
    public void Compare(string name, IEnumerable<float> actual, Tensor expected, double tolerance) =>
        Try(name, () => Compare(name, tensor(actual.ToArray()), expected, tolerance));

    /// <summary>Counts the places where two sequences differ.</summary>
    public void CompareExactly<T>(string name, IReadOnlyList<T> actual, IReadOnlyList<T> expected)
    {
        int different = actual.Zip(expected).Count(pair => !EqualityComparer<T>.Default.Equals(pair.First, pair.Second));
        Add(name, different + Math.Abs(actual.Count - expected.Count), VerificationTolerances.Exact);
    }

    public void Fail(string name, string message, double tolerance = 0) =>
        _records.Add(
            new VerificationRecord { Part = part, Case = name, MaxAbsDiff = null, Tolerance = tolerance, Passed = false, Message = message });

    /// <summary>Tells of a tensor that nothing was compared with.</summary>
    public void Skip(string name) => _records.Add(new VerificationRecord
    {
        Part = part, Case = name, MaxAbsDiff = null, Tolerance = 0, Passed = true, Skipped = true,
        Message = "Not compared: the name is not known here.",
    });

    private void Add(string name, double difference, double tolerance)
    {
        bool passed = difference <= tolerance; // false for NaN
        _records.Add(new VerificationRecord
        {
            Part = part,
            Case = name,
            MaxAbsDiff = double.IsFinite(difference) ? difference : null,
            Tolerance = tolerance,
            Passed = passed,
            Message = passed ? "" : double.IsFinite(difference) ? "The difference is over the tolerance." : "The result is not finite.",
        });
    }
}
