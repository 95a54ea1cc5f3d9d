using MedGen.Sdk.Generation;

namespace MedGen.Sdk.Models;

/// <summary>An adapter (LoRA) of the resident model.</summary>
public sealed record AdapterDescription
{
    /// <summary>The name by which requests ask for it.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// SHA-256 of its file (where PEFT's <c>adapter_config.json</c> states its scaling, of that hash and the config), 64 lower-case hex digits.
    /// </summary>
    public required string Sha256 { get; init; }

    /// <summary>Number of linears that it changes.</summary>
    public required int Modules { get; init; }

    /// <summary>Bytes that it takes on the device.</summary>
    public required long Bytes { get; init; }

    /// <summary>
    /// Which of two experts it changes by its keys or its name; null: nothing says it, or the model has one transformer.
    /// </summary>
    public AdapterExpert? Expert { get; init; }

    /// <summary>What it was made for, by <c>defaults</c> in the JSON file of its name beside it; null: nothing is stated.</summary>
    public AdapterDefaults? Defaults { get; init; }

    /// <summary>
    /// The recordings that it was trained on, by <c>NAME.training-data.json</c> beside it, or by <c>training-data.json</c> in a folder of its own;
    /// null: nothing says it. A plugin in a process of its own is not told.
    /// </summary>
    public TrainingData? TrainingData { get; init; }
}
