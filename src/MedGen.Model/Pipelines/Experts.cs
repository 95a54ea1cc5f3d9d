using MedGen.Model.Checkpoints;
using MedGen.Model.Transformers;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// The transformers that a pipeline predicts with: one, or Wan 2.2 A14B's two. Of two only the one in use lies on the device; the other one stays as
/// it was read, over the map of its file where that has the number type that is computed in.
/// </summary>
internal sealed class Experts : IDisposable
{
    private readonly WanTransformer[] _stored;
    private readonly Device _device;
    private readonly bool _oneAtATime;
    private WanTransformer? _placed;
    private int _placedIndex = -1;

    private Experts(WanTransformer[] stored, Device device, bool oneAtATime)
    {
        _stored = stored;
        (_device, _oneAtATime) = (device, oneAtATime);
    }

    /// <summary>One or two.</summary>
    public int Count => _stored.Length;

    /// <summary>Bytes of weights that the device holds at most.</summary>
    public long WeightBytes => _oneAtATime ? _stored.Max(expert => expert.WeightBytes) : _stored.Sum(expert => expert.WeightBytes);

    /// <summary>Values in all weights.</summary>
    public long ParameterCount => _stored.Sum(expert => expert.Parameters.Values.Sum(weight => weight.ElementCount));

    /// <summary>Reads the transformers of a folder.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">Number type.</param>
    /// <param name="inTurn">Whether of two each is copied to the device for its turn alone; otherwise both lie there.</param>
    /// <exception cref="MedGen.Sdk.Errors.ModelFormatException">As <see cref="ModelFolder.OpenTransformer"/>.</exception>
    public static Experts Open(ModelFolder folder, Device device, ScalarType dataType, bool inTurn)
    {
        bool oneAtATime = inTurn && folder.Files.LowNoiseTransformer.Count > 0;
        Device kept = oneAtATime ? CPU : device;
        WanTransformer first = folder.OpenTransformer(kept, dataType);
        try
        {
            return new Experts(folder.OpenLowNoiseTransformer(kept, dataType) is { } second ? [first, second] : [first], device, oneAtATime);
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    /// <summary>How often one was copied to the device.</summary>
    public int Placements { get; private set; }

    /// <summary>An expert as it was read: for its sizes, and for nothing that computes.</summary>
    /// <param name="index">0: the only one, or that for high noise; 1: that for low noise.</param>
    public WanTransformer Stored(int index) => _stored[index];

    /// <summary>An expert where it computes, until another one is asked for.</summary>
    /// <param name="index">As of <see cref="Stored"/>.</param>
    public WanTransformer OnDevice(int index)
    {
        if (!_oneAtATime)
        {
            return _stored[index];
        }

        if (_placedIndex != index)
        {
            // Before the other one comes, so that there is never room needed for both.
            _placed?.Dispose();
            (_placed, _placedIndex) = (null, -1);
            _placed = Place(_stored[index], _device);
            (_placedIndex, Placements) = (index, Placements + 1);
        }

        return _placed!;
    }

    /// <summary>Copies a transformer to a device.</summary>
    /// <param name="stored">The transformer; it stays as it is.</param>
    /// <param name="device">Where to.</param>
    /// <returns>The copy, which the caller disposes.</returns>
    public static WanTransformer Place(WanTransformer stored, Device device)
    {
        using var scope = NewDisposeScope();
        return WanTransformer.Load((name, _) => stored.Parameters[name].CopyTo(device), stored.Config, device, stored.DataType);
    }

    public void Dispose()
    {
        _placed?.Dispose();
        foreach (WanTransformer expert in _stored)
        {
            expert.Dispose();
        }
    }
}
