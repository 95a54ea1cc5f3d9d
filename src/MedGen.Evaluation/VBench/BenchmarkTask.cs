using MedGen.Evaluation.VBench.Clips;
using MedGen.Evaluation.VBench.Networks;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.VBench;

/// <summary>What is to be measured.</summary>
public sealed record BenchmarkTask
{
    /// <summary>Folder of a model that makes the clips; null: they are finished.</summary>
    public string? Model { get; init; }

    /// <summary>Folder of finished clips; null: a model makes them.</summary>
    public string? Videos { get; init; }

    /// <summary>Text file with one prompt a line.</summary>
    public required string Prompts { get; init; }

    /// <summary>How many of the first prompts are taken; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>How clips are made.</summary>
    public ClipGenerationOptions Generation { get; init; } = new();

    /// <summary>Folder with <c>network.json</c>, or that file, by the name of the slot.</summary>
    public IReadOnlyDictionary<string, string> Networks { get; init; } = new Dictionary<string, string>();

    /// <summary>Weights of the imaging-modality classifier, for the stand-in of DINO.</summary>
    public required string ModalityWeights { get; init; }

    /// <summary>Folder for the report, the scores and what was generated.</summary>
    public required string Output { get; init; }

    /// <summary>Puts the networks together that a list and single names say.</summary>
    /// <param name="list">JSON file with a path, relative to the file, for each slot; null: none.</param>
    /// <param name="named"><c>SLOT=DIR</c> each.</param>
    /// <returns>Paths by slot.</returns>
    /// <exception cref="InvalidInputException">The list is wrong, a name is not SLOT=DIR, or a slot is named twice.</exception>
    public static IReadOnlyDictionary<string, string> NamedNetworks(string? list, IEnumerable<string> named)
    {
        ArgumentNullException.ThrowIfNull(named);
        Dictionary<string, string> paths = list is null ? [] : new(BenchmarkNetworks.ReadList(list));
        foreach (string one in named)
        {
            string[] parts = one.Split('=', 2);
            if (parts is not [{ Length: > 0 } slot, { Length: > 0 } path])
            {
                throw new InvalidInputException("network", $"got '{one}'; allowed: SLOT=DIR.");
            }

            if (!paths.TryAdd(slot, path))
            {
                throw new InvalidInputException("network", $"the slot '{slot}' is named twice.");
            }
        }

        return paths;
    }
}
