using MedGen.Sdk.Errors;
using MedGen.Model.Parameters;
using static TorchSharp.torch;

namespace MedGen.Model.Inspection;

/// <summary>
/// What a part takes in memory once it is loaded, and what keeps it from loading. It is built over tensors that have shapes and number types but no
/// data (torch's meta device), so that no rule of the loader is stated a second time.
/// </summary>
/// <param name="Bytes">Bytes of its weights in memory, those that are mapped from a file among them.</param>
/// <param name="Problems">Weights that are missing or have another shape, one sentence each.</param>
internal sealed record LoadedPart(long Bytes, IReadOnlyList<string> Problems)
{
    private const int ShownProblems = 4;

    /// <summary>Builds a part over the headers of its files.</summary>
    /// <typeparam name="T">The part.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="load">Builds it.</param>
    /// <param name="weights">Its weights.</param>
    /// <returns>What it takes.</returns>
    public static LoadedPart Measure<T>(
        string name, HeaderSet headers, Func<WeightReader, T> load, Func<T, IReadOnlyDictionary<string, Tensor>> weights)
        where T : IDisposable
    {
        List<string> problems = [];
        long bytes = 0;
        try
        {
            using T part = load(Read);
            bytes = weights(part).Values.Sum(weight => weight.numel() * weight.element_size());
        }
        catch (ModelFormatException exception)
        {
            problems.Add(exception.Message);
        }

        string[] shown =
            [.. problems.Take(ShownProblems),
                .. problems.Count > ShownProblems ? [$"{problems.Count - ShownProblems} more of its weights do not fit"] : Array.Empty<string>()];
        return new LoadedPart(bytes, [.. shown.Select(problem => $"{name}: {problem}")]);

        Tensor Read(string weight, long[] shape)
        {
            if (!headers.Tensors.TryGetValue(weight, out (IReadOnlyList<long> Shape, ScalarType Type) stored))
            {
                problems.Add($"'{weight}' [{string.Join(", ", shape)}] is missing");
            }
            else if (!stored.Shape.SequenceEqual(shape))
            {
                problems.Add($"'{weight}' has shape [{string.Join(", ", stored.Shape)}], expected [{string.Join(", ", shape)}]");
            }

            return empty(shape, stored.Shape is null ? ScalarType.Float32 : stored.Type, META);
        }
    }
}
