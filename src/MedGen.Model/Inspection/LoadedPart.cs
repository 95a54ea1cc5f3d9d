using MedGen.Sdk.Errors;
using MedGen.Model.Parameters;
using MedGen.Torch.Weights;
using static TorchSharp.torch;

namespace MedGen.Model.Inspection;

/// <summary>
/// What a part takes in memory once it is loaded, and what keeps it from loading. It is built over tensors that have shapes and number types but no
/// data (torch's meta device), so that no rule of the loader is stated a second time.
/// </summary>
/// <param name="Bytes">Bytes of its weights in memory, those that are mapped from a file among them.</param>
/// <param name="Problems">Weights that are missing, unexpected or of another shape, one sentence each.</param>
internal sealed record LoadedPart(long Bytes, IReadOnlyList<string> Problems)
{
    private const int ShownProblems = 4;

    /// <summary>Builds a part over the headers of its files.</summary>
    /// <typeparam name="T">The part.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="load">Builds it.</param>
    /// <param name="weightBytes">Bytes of its weights.</param>
    /// <returns>What it takes.</returns>
    public static LoadedPart Measure<T>(
        string name, HeaderSet headers, Func<WeightReader, T> load, Func<T, long> weightBytes)
        where T : IDisposable
    {
        List<string> problems = [];
        HashSet<string> unexpected = [.. headers.Weights.Keys];
        long bytes = 0;
        try
        {
            using T part = load(Read);
            bytes = weightBytes(part);
            problems.AddRange(unexpected.Order(StringComparer.Ordinal).Select(weight => $"'{weight}' is unexpected"));
        }
        catch (ModelFormatException exception)
        {
            problems.Add(exception.Message);
        }

        string[] shown =
            [.. problems.Take(ShownProblems),
                .. problems.Count > ShownProblems ? [$"{problems.Count - ShownProblems} more of its weights do not fit"] : Array.Empty<string>()];
        return new LoadedPart(bytes, [.. shown.Select(problem => $"{name}: {problem}")]);

        StoredWeight Read(string weight, long[] shape)
        {
            unexpected.Remove(weight);
            if (!headers.Weights.TryGetValue(weight, out WeightInfo? stored))
            {
                problems.Add($"'{weight}' [{string.Join(", ", shape)}] is missing");
            }
            else if (!stored.Shape.SequenceEqual(shape))
            {
                problems.Add($"'{weight}' has shape [{string.Join(", ", stored.Shape)}], expected [{string.Join(", ", shape)}]");
            }

            else
            {
                return stored.WithoutValues();
            }

            return empty(shape, ScalarType.Float32, META);
        }
    }
}
