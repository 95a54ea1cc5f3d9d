using System.Diagnostics;
using System.Reflection;
using MedGen.Application.Artifacts;
using MedGen.Application.Cluster;
using MedGen.Application.Jobs;
using MediatR;

namespace MedGen.Application.Operations;

/// <summary>How full memory, disk and queue are, and what runs.</summary>
public sealed record GetSystem : IRequest<SystemStatus>;

internal sealed class GetSystemHandler(IStoreState store, IJobStore jobs, IPeerHosts peers) : IRequestHandler<GetSystem, SystemStatus>
{
    public async Task<SystemStatus> Handle(GetSystem request, CancellationToken cancellationToken)
    {
        using Process process = Process.GetCurrentProcess();
        return new SystemStatus
        {
            Version = VersionOf(typeof(GetSystem).Assembly),
            SdkVersion = VersionOf(typeof(Sdk.Models.ModelDescription).Assembly),
            StartedAt = process.StartTime,
            ResidentBytes = process.WorkingSet64,
            MemoryLimitBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,

            // As readiness does: a disk that hangs holds up a thread of the pool, and the caller's deadline ends the call.
            Disk = await Task.Run(store.Read, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false),
            Queue = await jobs.GetLoadAsync("", "", cancellationToken).ConfigureAwait(false),
            IsInCluster = peers.IsCluster,
            Hosts =
            [
                .. (await peers.FindLiveAsync(cancellationToken).ConfigureAwait(false) ?? [])
                    .OrderBy(host => host.Name, StringComparer.Ordinal).ThenBy(host => host.Id, StringComparer.Ordinal),
            ],
        };
    }

    private static string VersionOf(Assembly assembly) => assembly.GetName().Version?.ToString(3) ?? "";
}
