using MedGen.Torch.Weights;

namespace MedGen.Model.Checkpoints;

/// <summary>What the files of a part state beside their weights: in GGUF, sizes and constants of the model.</summary>
internal static class WeightStatements
{
    /// <summary>The statements of the GGUF files among some; the free text of other formats says nothing of the model.</summary>
    public static IReadOnlyDictionary<string, object> Of(IEnumerable<WeightFile> files)
    {
        Dictionary<string, object> statements = new(StringComparer.Ordinal);
        foreach ((string key, object value) in files.Where(file => WeightFile.IsGguf(file.FilePath)).SelectMany(file => file.Statements))
        {
            statements.TryAdd(key, value);
        }

        return statements;
    }
}
