using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MedGen.Application.Cluster;
using MedGen.Application.Operations;
using MediatR;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Services;

internal sealed class OperationsService(ISender sender) : Proto.Operations.OperationsBase
{
    public override async Task<Proto.SystemStatus> GetSystem(Proto.GetSystemRequest request, ServerCallContext context)
    {
        SystemStatus system = await sender.Send(new GetSystem(), context.CancellationToken).ConfigureAwait(false);
        return new Proto.SystemStatus
        {
            Version = system.Version,
            SdkVersion = system.SdkVersion,
            RuntimeVersion = Environment.Version.ToString(),
            StartedAt = Timestamp.FromDateTimeOffset(system.StartedAt),
            ResidentBytes = system.ResidentBytes,
            MemoryLimitBytes = system.MemoryLimitBytes,
            DiskFreeBytes = system.Disk.FreeBytes,
            DiskTotalBytes = system.Disk.TotalBytes,
            DiskShortage = system.Disk.Shortage ?? "",
            ScrubbedAt = system.Disk.ScrubbedAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
            LostContents = system.Disk.LostContents,
            QueuedJobs = system.Queue.Queued,
            FramesToGenerate = system.Queue.GeneratedFrames,
            InCluster = system.IsInCluster,
            Hosts = { system.Hosts.Select(ToProto) },
        };
    }

    private static Proto.ClusterHost ToProto(PeerHost host) => new()
    {
        Id = host.Id,
        Name = host.Name,
        TakesRequests = host.TakesRequests,
        RunsJobs = host.RunsJobs,
        DeviceClass = host.DeviceClass ?? "",
        Jobs = host.Jobs,
        Draining = host.IsDraining,
        Version = host.Version,
    };
}
