namespace MedGen.Application.Cluster;

/// <summary>Which host can do a job, and which one is better for it.</summary>
internal static class Placement
{
    /// <summary>Whether a host can do a job, now or when its other ones have ended.</summary>
    /// <param name="needs">What the job needs.</param>
    /// <param name="host">What the host has; null: it does not tell, as hosts of earlier versions do not. It may, as may one that is loading.</param>
    /// <param name="bytes">What the clip takes there beside the weights; null: not known.</param>
    public static bool Can(JobNeeds needs, HostAbility? host, long? bytes) => host is null or { IsLoading: true }
        || (HasModel(needs, host) && needs.Adapters.All(name => Has(host.Adapters, name)) && !(bytes > host.RoomBytes));

    /// <summary>
    /// Whether a job had better be done by another host that has nothing to do: an adapter of the job would have to be loaded here and not there, or
    /// there is no memory free here.
    /// </summary>
    /// <param name="needs">What the job needs.</param>
    /// <param name="here">What this host has.</param>
    /// <param name="bytesHere">What the clip takes here beside the weights; null: not known.</param>
    /// <param name="idle">What the other host has; null: it does not tell.</param>
    /// <param name="bytesThere">What the clip takes there.</param>
    public static bool IsBetter(JobNeeds needs, HostAbility here, long? bytesHere, HostAbility? idle, long? bytesThere) => idle is not null
        && Can(needs, idle, bytesThere)
        && ((bytesHere > here.FreeBytes && !(bytesThere > idle.FreeBytes)) || (IsWarm(needs, idle) && !IsWarm(needs, here)));

    /// <summary>Whether a host has the model of a job.</summary>
    public static bool HasModel(JobNeeds needs, HostAbility host) => needs.Named is { } named
        ? host.Model == named
        : host.Model == needs.Model || (needs.ModelHash is not null && host.ModelHash == needs.ModelHash);

    private static bool IsWarm(JobNeeds needs, HostAbility host) => needs.Adapters.All(name => Has(host.WarmAdapters, name));

    // A tenant's name for an adapter means its own one, and everybody's where it has none.
    private static bool Has(IReadOnlyList<string>? names, string name) =>
        names is null || names.Contains(name) || names.Contains(name[(name.LastIndexOf('/') + 1)..]);
}
