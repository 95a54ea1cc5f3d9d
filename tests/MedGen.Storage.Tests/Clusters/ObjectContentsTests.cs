using MedGen.Application.Cluster;
using MedGen.Cluster;
using MedGen.Cluster.Connections;
using MedGen.Cluster.Files;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Storage.Tests.Clusters;

/// <summary>At a NATS server.</summary>
[Long]
public sealed class ObjectContentsTests : SharedContentsTests
{
    private readonly ClusterServers _servers =
        new(Options.Create(new ClusterOptions { Servers = NatsServer.OfAll.Url }), TimeProvider.System, NullLoggerFactory.Instance);

    internal override ISharedContents Contents => new ObjectContents(_servers);

    protected override void Dispose(bool disposing)
    {
        _servers.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }
}
