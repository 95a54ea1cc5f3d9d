using MedGen.Sdk.Models;
using MedGen.Model.Adapters;

namespace MedGen.Runtime.Adapters;

/// <summary>An adapter that stays on the device until this is disposed.</summary>
internal sealed class AdapterLease(ResidentAdapter resident, Action giveBack) : IDisposable
{
    private Action? _giveBack = giveBack;

    public LoraAdapter Adapter => resident.Adapter;

    public AdapterDescription Description => resident.Description;

    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}
