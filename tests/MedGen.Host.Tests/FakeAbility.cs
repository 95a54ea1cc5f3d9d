using MedGen.Application.Cluster;
using MedGen.Application.Tests;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.Host.Tests;

/// <summary>A host that can do whatever the stand-in of the model is asked for.</summary>
internal sealed class FakeAbility : IHostAbility
{
    private static readonly ModelDescription Model = new FakeModel().Description;

    public HostAbility Read() => new()
    {
        Model = Model.Name, ModelHash = Model.Hash, Device = Model.Device, DataType = Model.DataType, RoomBytes = 1 << 30, FreeBytes = 1 << 30,
    };

    public long? BytesFor(VideoGenerationRequest request, long room) => null;
}
