namespace MedGen.Cluster.Hosts;

/// <summary>Id of this process among the hosts.</summary>
/// <param name="Id">32 lower-case hex digits, made when the process starts.</param>
internal sealed record HostIdentity(string Id);
