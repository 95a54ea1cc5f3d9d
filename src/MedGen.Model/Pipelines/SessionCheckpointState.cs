namespace MedGen.Model.Pipelines;

/// <summary>The numbers of a <see cref="SessionCheckpoint"/>, as JSON in its metadata.</summary>
internal sealed record SessionCheckpointState
{
    /// <summary>Hash of the model and of the request.</summary>
    public required string Identity { get; init; }

    /// <summary>Number type of the transformer.</summary>
    public required string DataType { get; init; }

    /// <summary>Kernels that the steps were computed with.</summary>
    public required string Kernels { get; init; }

    /// <summary>Index of the next denoising step.</summary>
    public required int StepIndex { get; init; }

    /// <summary>Index of the last step that the scheduler took.</summary>
    public required int? LastIndex { get; init; }

    /// <summary>The scheduler's counters.</summary>
    public required IReadOnlyDictionary<string, int> Counters { get; init; }
}
