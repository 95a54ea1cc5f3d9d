using MedGen.Classifiers.Modality;
using MedGen.Datasets.Specifications;
using MedGen.Evaluation.VBench.Dimensions;
using MedGen.Evaluation.VBench.Results;
using MedGen.Sdk.Errors;
using static TorchSharp.torch;

namespace MedGen.Evaluation.VBench.Networks;

/// <summary>What measures each dimension: the network that the user named, else a stand-in under a name of its own.</summary>
internal sealed class BenchmarkNetworks : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    private BenchmarkNetworks()
    {
    }

    /// <summary>The rows of the report, in its order.</summary>
    public IReadOnlyList<Measure> Measures { get; private set; } = [];

    /// <summary>Opens the networks.</summary>
    /// <param name="folders">Folder or <c>network.json</c> by the name of the slot.</param>
    /// <param name="modalityWeights">Weights of the imaging-modality classifier, whose features stand in for DINO's.</param>
    /// <returns>The networks; the caller disposes them.</returns>
    /// <exception cref="InvalidInputException">A slot is unknown, or a manifest is wrong.</exception>
    /// <exception cref="ModelFormatException">A network cannot be read, or does not fit its slot.</exception>
    public static BenchmarkNetworks Open(IReadOnlyDictionary<string, string> folders, string modalityWeights)
    {
        if (folders.Keys.FirstOrDefault(name => NetworkSlot.All.All(slot => slot.Name != name)) is { } unknown)
        {
            throw new InvalidInputException("network", $"got '{unknown}'; allowed: {string.Join(", ", NetworkSlot.All.Select(slot => slot.Name))}.");
        }

        BenchmarkNetworks networks = new();
        try
        {
            networks.Measures =
            [
                networks.Named(folders, NetworkSlot.Imaging, one => _ => new ImagingQuality(new ImagingNetwork(one)))
                    ?? StandIn(NetworkSlot.Imaging, "medgen sharpness", _ => new ImagingQuality(new Sharpness())) with { Unit = "grey levels" },
                networks.Named(folders, NetworkSlot.Subject, one => _ => new Consistency(new SubjectNetwork(one)))
                    ?? networks.Features(modalityWeights),
                networks.Named(folders, NetworkSlot.Background, one => _ => new Consistency(new BackgroundNetwork(one)))
                    ?? StandIn(NetworkSlot.Background, "medgen thumbnails", _ => new Consistency(new Thumbnail())),
                networks.Named(folders, NetworkSlot.Motion, one => _ => new MotionSmoothness(new MotionNetwork(one)))
                    ?? StandIn(NetworkSlot.Motion, "medgen mean of neighbours", _ => new MotionSmoothness(new MeanOfNeighbours())),
                new Measure
                {
                    Name = "temporal flickering", Dimension = "temporal flickering", Network = "none needed", IsUpstream = true,
                    Create = _ => new TemporalFlickering(),
                },
                networks.Named(folders, NetworkSlot.Flow, one => rate => new DynamicDegree(new FlowNetwork(one), rate))
                    ?? StandIn(NetworkSlot.Flow, "medgen block matching", rate => new DynamicDegree(new BlockMatching(), rate)),
            ];
            return networks;
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file that names the networks: an object with a path, relative to the file, for each slot.</summary>
    /// <param name="path">The JSON file.</param>
    /// <exception cref="InvalidInputException">It is missing or no such JSON.</exception>
    public static IReadOnlyDictionary<string, string> ReadList(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return SpecificationJson.Read<Dictionary<string, string>>(path, "networks")
            .ToDictionary(one => one.Key, one => Path.GetFullPath(one.Value, folder));
    }

    public void Dispose() => _opened.ForEach(one => one.Dispose());

    private static Measure StandIn(NetworkSlot slot, string name, Func<double, IClipDimension> create) => new()
    {
        Name = $"{slot.Dimension} ({name})", Dimension = slot.Dimension, Network = name, IsUpstream = false, Create = create,
    };

    private Measure? Named(
        IReadOnlyDictionary<string, string> folders, NetworkSlot slot, Func<SlotNetwork, Func<double, IClipDimension>> dimension)
    {
        if (!folders.TryGetValue(slot.Name, out string? path))
        {
            return null;
        }

        SlotNetwork network = SlotNetwork.Open(path, slot);
        _opened.Add(network);
        bool isUpstream = network.Manifest.Network == slot.Upstream;
        return new Measure
        {
            Name = isUpstream ? slot.Dimension : $"{slot.Dimension} ({network.Manifest.Network})",
            Dimension = slot.Dimension,
            Network = network.Manifest.Network,
            Sha256 = network.Manifest.Sha256,
            IsUpstream = isUpstream,
            Create = dimension(network),
        };
    }

    private Measure Features(string weights)
    {
        (_, string hash) = ModalityNetwork.ReadMetadata(weights);
        ModalityNetwork network = ModalityNetwork.Load(weights, CPU);
        _opened.Add(network);
        return StandIn(NetworkSlot.Subject, "medgen features", _ => new Consistency(new ModalityFeatures(network))) with { Sha256 = hash };
    }
}
