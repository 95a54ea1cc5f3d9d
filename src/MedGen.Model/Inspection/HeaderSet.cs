using MedGen.Model.Checkpoints;
using MedGen.Torch.Weights;

namespace MedGen.Model.Inspection;

/// <summary>The headers of one part's files.</summary>
internal sealed class HeaderSet : IDisposable
{
    private readonly List<WeightFile> _files = [];
    private readonly Dictionary<string, WeightInfo> _weights = new(StringComparer.Ordinal);

    /// <summary>Each weight by its original name.</summary>
    public IReadOnlyDictionary<string, WeightInfo> Weights => _weights;

    /// <summary>Shape of each weight by its original name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes =>
        _weights.ToDictionary(pair => pair.Key, pair => pair.Value.Shape, StringComparer.Ordinal);

    /// <summary>What the files state beside their weights.</summary>
    public IReadOnlyDictionary<string, object> Statements => WeightStatements.Of(_files);

    /// <summary>Reads headers alone; the data may be missing.</summary>
    public static HeaderSet Read(IEnumerable<string> paths, Func<IEnumerable<string>, IReadOnlyDictionary<string, string>> toOriginal)
    {
        HeaderSet set = new();
        try
        {
            set._files.AddRange(paths.Select(path => WeightFile.Open(path, requireData: false)));
            WeightInfo[] weights = [.. set._files.SelectMany(file => file.Weights.Values)];
            IReadOnlyDictionary<string, string> names = toOriginal(
                weights.Select(weight => WrapperPrefixes.Strip(weight.Name)).Distinct(StringComparer.Ordinal));
            foreach (WeightInfo weight in weights)
            {
                if (names.TryGetValue(WrapperPrefixes.Strip(weight.Name), out string? name))
                {
                    set._weights[name] = weight;
                }
            }

            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    public PartReport Report(string part, IReadOnlyDictionary<string, string> dimensions) => new()
    {
        Part = part,
        Files = [.. _files.Select(file => file.FileName)],
        Parameters = _weights.Values.Sum(weight => weight.ElementCount),
        DataTypes = [.. _weights.Values.Select(weight => weight.Form).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Bytes = _files.Sum(file => file.FileLength),
        MissingBytes = _files.Sum(file => file.MissingBytes),
        Dimensions = dimensions,
    };

    /// <inheritdoc />
    public void Dispose() => _files.ForEach(file => file.Dispose());
}
