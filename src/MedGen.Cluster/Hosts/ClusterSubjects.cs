using System.Text.Json;

namespace MedGen.Cluster.Hosts;

/// <summary>The NATS subjects of a cluster, and how what is sent on them is written; deploy/cluster gives the rights to them.</summary>
internal static class ClusterSubjects
{
    /// <summary>Signs of life: a <see cref="MedGen.Application.Cluster.PeerHost"/> in JSON.</summary>
    public const string Hosts = "medgen.hosts";

    /// <summary>News: id of the host, kind and subject, with spaces between.</summary>
    public const string News = "medgen.news";

    /// <summary>Name or id of a host that has to drain.</summary>
    public const string Drain = "medgen.drain";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);
}
