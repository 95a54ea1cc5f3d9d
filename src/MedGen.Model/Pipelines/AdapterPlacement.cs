using MedGen.Model.Adapters;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;

namespace MedGen.Model.Pipelines;

/// <summary>Which adapters a session adds to its transformer, or to each of two experts.</summary>
/// <param name="HighNoise">Of the transformer, or of the high-noise expert; null: none.</param>
/// <param name="LowNoise">Of the low-noise expert; null: none.</param>
internal sealed record AdapterPlacement(AdapterSet? HighNoise, AdapterSet? LowNoise)
{
    /// <summary>Places the adapters of a request.</summary>
    /// <param name="uses">As the request names them.</param>
    /// <param name="adapters">As they are loaded, in the same order.</param>
    /// <param name="hasExperts">Whether the model has two experts.</param>
    /// <param name="fineTune">An adapter that is a part of the model; null: none.</param>
    /// <exception cref="InvalidInputException">A file or a request says nothing of the expert, or something else than the model has.</exception>
    public static AdapterPlacement Of(
        IReadOnlyList<AdapterUse> uses, IReadOnlyList<LoraAdapter> adapters, bool hasExperts, LoraAdapter? fineTune)
    {
        List<(LoraAdapter Adapter, double Scale)> high = fineTune is null ? [] : [(fineTune, 1.0)];
        List<(LoraAdapter Adapter, double Scale)> low = [];
        Violations violations = new();
        foreach ((int index, (AdapterUse use, LoraAdapter adapter)) in uses.Zip(adapters).Index())
        {
            Violations of = violations.In($"wan.adapters[{index}]");
            if (!hasExperts)
            {
                CheckOneTransformer(use, adapter, of);
                high.Add((adapter, use.Strength));
                continue;
            }

            AdapterExpert? expert = use.Expert ?? ExpertOf(use.Name, adapter);
            of.Require(expert is not null, "expert", $"is not given, and neither keys nor name of the file say it", $"high_noise, low_noise, both");
            of.Require(
                use.Expert is null || adapter.LowNoise is null, "expert", $"is given",
                $"none, as the keys of this file say what is for which expert");
            of.Require(
                use.LowNoiseStrength is null || expert == AdapterExpert.Both, "low_noise_strength", $"is given",
                $"none, as this adapter changes one of the experts");
            if (expert is AdapterExpert.HighNoise or AdapterExpert.Both)
            {
                high.Add((adapter, use.Strength));
            }

            if (expert is AdapterExpert.LowNoise or AdapterExpert.Both)
            {
                low.Add((adapter.LowNoise ?? adapter, use.LowNoiseStrength ?? use.Strength));
            }
        }

        violations.ThrowIfAny();
        return new AdapterPlacement(SetOf(high), SetOf(low));
    }

    /// <summary>Which expert an adapter is for, by its keys, otherwise by the word <c>high</c> or <c>low</c> in its name.</summary>
    /// <param name="name">What it is asked for by.</param>
    /// <param name="adapter">The adapter.</param>
    /// <returns>Null: nothing says it.</returns>
    public static AdapterExpert? ExpertOf(string name, LoraAdapter adapter) =>
        adapter.LowNoise is not null ? AdapterExpert.Both : ExpertByName(name[(name.LastIndexOf('/') + 1)..]) ?? ExpertByName(adapter.Name);

    /// <summary>By the word <c>high</c> or <c>low</c> in a name; null: neither, or both.</summary>
    public static AdapterExpert? ExpertByName(string name)
    {
        string[] words = name.ToUpperInvariant().Split(['_', '-', '.', ' ']);
        return (words.Any(word => word is "HIGH" or "HIGHNOISE"), words.Any(word => word is "LOW" or "LOWNOISE")) switch
        {
            (true, false) => AdapterExpert.HighNoise,
            (false, true) => AdapterExpert.LowNoise,
            _ => null,
        };
    }

    private static void CheckOneTransformer(AdapterUse use, LoraAdapter adapter, Violations of)
    {
        of.Require(adapter.LowNoise is null, "name", $"holds changes of a second expert (transformer_2.)", $"none, as the model has one transformer");
        of.Require(use.Expert is null, "expert", $"is given", $"none, as the model has one transformer");
        of.Require(use.LowNoiseStrength is null, "low_noise_strength", $"is given", $"none, as the model has one transformer");
    }

    private static AdapterSet? SetOf(List<(LoraAdapter Adapter, double Scale)> adapters) => adapters.Count == 0 ? null : new AdapterSet(adapters);
}
