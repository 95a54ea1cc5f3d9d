using Microsoft.Extensions.Hosting;

namespace MedGen.Cluster.S3;

/// <summary>Asks for the bucket when the host starts, so that what is wrong is told then.</summary>
internal sealed class S3Check(S3Contents contents) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => contents.RequireAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
