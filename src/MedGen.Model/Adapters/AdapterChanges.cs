using static TorchSharp.torch;

namespace MedGen.Model.Adapters;

/// <summary>What an adapter changes of one transformer. It owns the tensors.</summary>
/// <param name="Updates">Of linears, by their original Wan names.</param>
/// <param name="Differences">Of all other weights, float32, by name.</param>
internal sealed record AdapterChanges(IReadOnlyDictionary<string, LinearUpdate> Updates, IReadOnlyDictionary<string, Tensor> Differences)
    : IDisposable
{
    public static AdapterChanges None { get; } = new(new Dictionary<string, LinearUpdate>(), new Dictionary<string, Tensor>());

    public void Dispose()
    {
        foreach (IDisposable part in Updates.Values.Concat<IDisposable>(Differences.Values))
        {
            part.Dispose();
        }
    }
}
