using System.Globalization;
using MedGen.Application.Jobs;
using MedGen.Application.Models;
using MedGen.Sdk.Errors;

namespace MedGen.Application.Cluster;

/// <summary>
/// Where a job of a cluster is done. A host takes the next one in the order of the queue that it can do. Where another host has nothing to do and is
/// better for a job, this one leaves the job to it for half a second, once; then it takes it all the same. What no worker can do is refused when it
/// is asked for.
/// </summary>
internal sealed class JobPlacement(IPeerHosts peers, AdapterNames adapters, TimeProvider time, IHostAbility? ability = null)
{
    /// <summary>For how long a job is left to a host that is better for it. Less than loading an adapter of some size takes.</summary>
    public static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(0.5);

    private const int MostNames = 20;

    // Since when a job has been left to others. Those that are taken elsewhere are forgotten later.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _left = new(StringComparer.Ordinal);

    /// <summary>When a job that was left has to be looked at again; null: there is none.</summary>
    public TimeSpan? NextLook
    {
        get
        {
            lock (_gate)
            {
                TimeSpan[] waits = [.. _left.Values.Select(since => Courtesy - time.GetElapsedTime(since)).Where(wait => wait > TimeSpan.Zero)];
                return waits.Length == 0 ? null : waits.Min();
            }
        }
    }

    /// <summary>How this host chooses among the jobs that wait; null: it takes each, as a host alone does.</summary>
    public async Task<Func<JobCandidate, bool>?> ChoiceAsync(CancellationToken cancellationToken)
    {
        if (!peers.IsCluster || ability is null)
        {
            return null;
        }

        HostAbility here = ability.Read();
        IReadOnlyList<PeerHost> live = await peers.FindLiveAsync(cancellationToken).ConfigureAwait(false) ?? [];
        PeerHost[] others = [.. live.Where(host => host.RunsJobs && !host.IsDraining && host.Id != peers.HostId)];
        return candidate => Takes(candidate, here, others);
    }

    /// <summary>Refuses what no worker of the cluster can do. While none is heard of, nothing is refused: jobs wait for the first one.</summary>
    /// <param name="needs">What the job needs.</param>
    /// <param name="tenant">The caller's tenant, which learns of no other one's adapters.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FailedPreconditionException">No worker can; what there is is told (<c>NO_WORKER_CAN</c>).</exception>
    public async Task RequireAsync(JobNeeds needs, string tenant, CancellationToken cancellationToken)
    {
        if (!peers.IsCluster || ability is null || await WorkersAsync(cancellationToken).ConfigureAwait(false) is not { Length: > 0 } workers)
        {
            return;
        }

        HostAbility here = ability.Read();
        if (workers.Any(host => Placement.Can(needs, host.Ability, BytesFor(needs, here, host.Ability))))
        {
            return;
        }

        string size = string.Create(
            CultureInfo.InvariantCulture, $"a clip of {needs.Clip.Width}x{needs.Clip.Height} px and {needs.Clip.NumFrames} frames");
        string bytes = workers.Where(host => host.Ability is not null && Placement.HasModel(needs, host.Ability))
            .Select(host => BytesFor(needs, here, host.Ability)).Max() is { } most ? $", which takes {Text(most)} bytes beside the weights" : "";
        string with = needs.Adapters.Count == 0 ? "" : $" with {Names(needs.Adapters, tenant)}";
        throw new FailedPreconditionException(
            "NO_WORKER_CAN",
            $"No worker of the cluster can make {size} with the model '{needs.Named ?? needs.Model}'{with}{bytes}. There is: "
                + $"{Offers(workers, tenant)}.");
    }

    /// <summary>Says what there is instead of a model that this host does not have.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="tenant">The caller's tenant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FailedPreconditionException">Workers are heard of (<c>NO_WORKER_CAN</c>, or <c>MODEL_AT_OTHER_FRONT</c> where some have it).
    /// </exception>
    public async Task RefuseModelAsync(string name, string tenant, CancellationToken cancellationToken)
    {
        if (!peers.IsCluster || await WorkersAsync(cancellationToken).ConfigureAwait(false) is not { Length: > 0 } workers)
        {
            return;
        }

        bool isElsewhere = workers.Any(host => host.Ability?.Model == name);
        throw new FailedPreconditionException(
            isElsewhere ? "MODEL_AT_OTHER_FRONT" : "NO_WORKER_CAN",
            isElsewhere ? $"This host takes no requests for the model '{name}': it has another one. Ask a host that has it."
                : $"No worker of the cluster has the model '{name}'. There is: {Offers(workers, tenant)}.");
    }

    private async Task<PeerHost[]> WorkersAsync(CancellationToken cancellationToken) =>
        [.. (await peers.FindLiveAsync(cancellationToken).ConfigureAwait(false) ?? []).Where(host => host.RunsJobs)];

    private bool Takes(JobCandidate candidate, HostAbility here, PeerHost[] others)
    {
        if (JobNeeds.Of(candidate.Job, candidate.Request, adapters) is not { } needs)
        {
            return true;
        }

        long? bytes = BytesFor(needs, here, here);
        return Placement.Can(needs, here, bytes)
            && !(others.Any(host => Placement.IsBetter(needs, here, bytes, host.Ability, BytesFor(needs, here, host.Ability))
                && !candidate.BusyHosts.Value.Contains(host.Id)) && MayLeave(candidate.Job.Id));
    }

    private bool MayLeave(string jobId)
    {
        lock (_gate)
        {
            if (!_left.TryGetValue(jobId, out long since))
            {
                foreach (string old in _left.Where(one => time.GetElapsedTime(one.Value) > Memory).Select(one => one.Key).ToArray())
                {
                    _left.Remove(old);
                }

                _left[jobId] = since = time.GetTimestamp();
            }

            return time.GetElapsedTime(since) < Courtesy;
        }
    }

    // The formula is that of this host's model, so it says nothing of other weights or of another number type.
    private long? BytesFor(JobNeeds needs, HostAbility here, HostAbility? host) =>
        host is not null && here.ModelHash is not null && (here.ModelHash, here.DataType) == (host.ModelHash, host.DataType)
            ? ability!.BytesFor(needs.Clip, host.RoomBytes)
            : null;

    private static string Offers(PeerHost[] workers, string tenant) =>
        string.Join("; ", workers.Select(host => Offer(host.Ability, tenant)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static string Offer(HostAbility? host, string tenant) => host is { IsLoading: true } ? "a worker that loads a model"
        : host?.Model is not { } model ? "a worker without a model"
        : $"'{model}' on {host.Device} with room for {Text(host.RoomBytes)} bytes and {Names(host.Adapters ?? [], tenant)}";

    private static string Names(IReadOnlyList<string> adapters, string tenant)
    {
        string[] names =
        [
            .. adapters.Where(name => !name.Contains('/', StringComparison.Ordinal) || name.StartsWith(tenant + "/", StringComparison.Ordinal))
                .Select(name => name[(name.LastIndexOf('/') + 1)..]).Distinct(StringComparer.Ordinal),
        ];
        return names.Length switch
        {
            0 => "no adapter",
            > MostNames => $"the adapters {string.Join(", ", names.Take(MostNames))} and {names.Length - MostNames} more",
            1 => $"the adapter {names[0]}",
            _ => $"the adapters {string.Join(", ", names)}",
        };
    }

    private static string Text(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);
}
