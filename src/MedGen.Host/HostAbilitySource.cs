using MedGen.Application;
using MedGen.Application.Cluster;
using MedGen.Runtime;
using MedGen.Sdk.Generation;
using Microsoft.Extensions.Options;

namespace MedGen.Host;

/// <summary>What the resident model, the device and the adapters' folders make of this host.</summary>
internal sealed class HostAbilitySource(IModelCapacity model, IAdapterList adapters, IOptions<MedGenApplicationOptions> options) : IHostAbility
{
    public HostAbility Read()
    {
        if (model.Read() is not { } capacity)
        {
            return new HostAbility { IsLoading = model.IsLoading };
        }

        List<string> names = [.. adapters.List(null)];
        foreach (string tenant in options.Value.AdapterTenants)
        {
            names.AddRange(adapters.List(tenant).Except(adapters.List(null)).Select(name => $"{tenant}/{name}"));
        }

        return new HostAbility
        {
            Model = capacity.Model.Name,
            ModelHash = capacity.Model.Hash,
            Device = capacity.Model.Device,
            DataType = capacity.Model.DataType,
            Adapters = names.Count > HostAbility.MostAdapters ? null : names,
            WarmAdapters = capacity.WarmAdapters,
            RoomBytes = capacity.RoomBytes,
            FreeBytes = capacity.FreeBytes,
            StepSeconds = capacity.StepSeconds,
        };
    }

    public long? BytesFor(VideoGenerationRequest request, long room) => model.BytesFor(request, room);
}
