using System.Text.Json.Serialization;

namespace MedGen.Training.Optimization;

/// <summary>How weights follow their gradient.</summary>
public enum OptimizerAlgorithm
{
    /// <summary>Each weight by the running mean and size of its own gradient (arXiv 1711.05101).</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,

    /// <summary>Matrices and kernels by their orthogonalised momentum (arXiv 2502.16982), everything else as AdamW does.</summary>
    [JsonStringEnumMemberName("muon")]
    Muon,
}
