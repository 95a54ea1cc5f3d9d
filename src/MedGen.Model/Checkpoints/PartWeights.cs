using MedGen.Sdk.Errors;
using MedGen.Torch.Weights;
using static TorchSharp.torch;

namespace MedGen.Model.Checkpoints;

/// <summary>
/// The weights of one part under their original names, from one file or several, with a fine-tune's full weights laid over them. A part is built over
/// <see cref="Read"/>; afterwards <see cref="ThrowIfUnfit"/> tells everything that did not fit in one error.
/// </summary>
internal sealed class PartWeights : IDisposable
{
    private readonly List<WeightFile> _files = [];
    private readonly Dictionary<string, (WeightFile File, string Name)> _sources = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly string _part;

    private PartWeights(string part) => _part = part;

    /// <summary>Shape by original name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes => _sources.ToDictionary(
        pair => pair.Key, pair => pair.Value.File.Weights[pair.Value.Name].Shape, StringComparer.Ordinal);

    /// <summary>What the files state beside their weights.</summary>
    public IReadOnlyDictionary<string, object> Statements => WeightStatements.Of(_files);

    /// <summary>Opens the files of a part.</summary>
    /// <param name="part">Name of the part, for errors.</param>
    /// <param name="paths">Base files or shards.</param>
    /// <param name="toOriginal">Translates all names of the files to original ones; a name that it leaves out is not looked at.</param>
    /// <param name="overlay">A fine-tune with full weights; null: none.</param>
    /// <exception cref="ModelFormatException">A file is broken, or a tensor occurs in two files.</exception>
    public static PartWeights Open(
        string part, IEnumerable<string> paths, Func<IEnumerable<string>, IReadOnlyDictionary<string, string>> toOriginal, string? overlay = null)
    {
        PartWeights weights = new(part);
        try
        {
            weights.Add([.. paths], toOriginal);
            if (overlay is not null)
            {
                weights.AddOverlay(overlay, toOriginal);
            }

            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads a weight. A missing or mis-shaped one is remembered and replaced by zeros, so that the part can be built and all problems told at once.
    /// </summary>
    public StoredWeight Read(string name, long[] shape)
    {
        _taken.Add(name);
        if (!_sources.TryGetValue(name, out (WeightFile File, string Name) source))
        {
            _problems.Add($"'{name}' [{string.Join(", ", shape)}] is missing");
            return zeros(shape);
        }

        WeightInfo info = source.File.Weights[source.Name];
        if (!info.Shape.SequenceEqual(shape))
        {
            _problems.Add($"'{name}' has shape [{string.Join(", ", info.Shape)}], expected [{string.Join(", ", shape)}]");
            return zeros(shape);
        }

        if (info.NumberType is not (null or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
        {
            _problems.Add($"'{name}' is stored as {info.Form}, in whole numbers without a scale");
        }
        else if (!source.File.IsFinite(source.Name))
        {
            _problems.Add($"'{name}' holds values that are not finite numbers");
        }

        return source.File.Read(source.Name);
    }

    /// <summary>Throws if anything that was read was missing, mis-shaped or not finite.</summary>
    /// <exception cref="ModelFormatException">Names it.</exception>
    public void ThrowIfBroken()
    {
        if (_problems.Count > 0)
        {
            throw new ModelFormatException(_files[0].FileName, $"{_files[0].FileName}: {string.Join("; ", _problems)}.");
        }
    }

    /// <summary>Throws if anything was missing, mis-shaped, not finite or left over.</summary>
    /// <exception cref="ModelFormatException">Names everything.</exception>
    public void ThrowIfUnfit()
    {
        string[] unexpected =
            [.. _sources.Keys.Where(name => !_taken.Contains(name)).Order(StringComparer.Ordinal).Select(name => $"'{name}' is unexpected")];
        if (_problems.Count + unexpected.Length > 0)
        {
            string files = string.Join(", ", _files.Select(file => file.FileName));
            throw new ModelFormatException(files, $"{files}: the weights do not fit the {_part}: {string.Join("; ", _problems.Concat(unexpected))}.");
        }
    }

    /// <summary>Closes the files; tensors that were read stay valid.</summary>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private void Add(string[] paths, Func<IEnumerable<string>, IReadOnlyDictionary<string, string>> toOriginal)
    {
        WeightFile[] opened = [.. paths.Select(OpenFile)];
        IReadOnlyDictionary<string, string> names = toOriginal(
            opened.SelectMany(file => file.Weights.Keys).Select(WrapperPrefixes.Strip).Distinct(StringComparer.Ordinal));
        foreach (WeightFile file in opened)
        {
            foreach (string name in file.Weights.Keys)
            {
                if (names.TryGetValue(WrapperPrefixes.Strip(name), out string? original) && !_sources.TryAdd(original, (file, name)))
                {
                    throw new ModelFormatException(
                        file.FileName,
                        $"{file.FileName}: '{name}' is there twice (as '{original}', also in {_sources[original].File.FileName}).");
                }
            }
        }
    }

    private void AddOverlay(string path, Func<IEnumerable<string>, IReadOnlyDictionary<string, string>> toOriginal)
    {
        WeightFile file = OpenFile(path);
        IReadOnlyDictionary<string, string> names = toOriginal(file.Weights.Keys.Select(WrapperPrefixes.Strip).Distinct(StringComparer.Ordinal));
        foreach (string name in file.Weights.Keys)
        {
            if (names.TryGetValue(WrapperPrefixes.Strip(name), out string? original))
            {
                _sources[original] = (file, name);
            }
        }
    }

    private WeightFile OpenFile(string path)
    {
        WeightFile file = WeightFile.Open(path);
        _files.Add(file);
        return GgufArchitectures.Allows(file.Architecture, _part)
            ? file
            : throw new ModelFormatException(
                file.FileName, $"{file.FileName}: general.architecture is '{file.Architecture}', which is no {_part} of Wan 2.1.");
    }
}
