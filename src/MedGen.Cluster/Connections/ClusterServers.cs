using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.ObjectStore;

namespace MedGen.Cluster.Connections;

/// <summary>
/// The connection to the NATS servers. It comes back by itself, at another server where one is gone. What the servers do not do in time is told as
/// <c>CLUSTER_UNAVAILABLE</c>.
/// </summary>
internal sealed class ClusterServers : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly ClusterOptions _options;
    private readonly NatsConnection _connection;
    private readonly NatsObjContext _objects;

    public ClusterServers(IOptions<ClusterOptions> options, ILoggerFactory loggers)
    {
        _options = options.Value;
        _connection = new NatsConnection(Describe(_options, loggers));
        _objects = new NatsObjContext(new NatsJSContext(_connection));
    }

    public NatsConnection Connection => _connection;

    /// <summary>How a host of these settings connects.</summary>
    public static NatsOpts Describe(ClusterOptions options, ILoggerFactory loggers) => NatsOpts.Default with
    {
        Url = string.Join(',', options.ServerList),
        Name = "medgen",
        LoggerFactory = loggers,
        AuthOpts = new NatsAuthOpts
        {
            CredsFile = options.CredentialsFile,
            Username = options.User,
            Password = options.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null,
        },
        TlsOpts = new NatsTlsOpts
        {
            Mode = options.IsClear ? TlsMode.Disable : TlsMode.Require,
            CertFile = options.CertificateFile,
            KeyFile = options.KeyFile,
            CaFile = options.AuthorityFile,
        },
        ConnectTimeout = TimeSpan.FromSeconds(5),
        CommandTimeout = TimeSpan.FromSeconds(5),
        RequestTimeout = TimeSpan.FromSeconds(10),
        PingInterval = TimeSpan.FromSeconds(5),
        MaxReconnectRetry = -1,
        ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
        ReconnectWaitMax = TimeSpan.FromSeconds(1),
        IgnoreAuthErrorAbort = true,
        PublishTimeoutOnDisconnected = true,
    };

    /// <summary>Connects, for a start that has to tell what is wrong.</summary>
    /// <exception cref="FailedPreconditionException">No server lets this host in.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.ConnectAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NatsException or IOException or System.Security.Authentication.AuthenticationException)
        {
            throw new FailedPreconditionException(
                "CLUSTER_UNREACHABLE",
                $"No NATS server of cluster.servers lets this host in: {exception.GetBaseException().Message} See the settings of cluster.",
                exception);
        }
    }

    /// <summary>Does something with a bucket of objects, which is made when it is missing.</summary>
    /// <exception cref="ResourceExhaustedException">The servers do not answer, or have no room.</exception>
    public async Task<T> WithBucketAsync<T>(string bucket, Func<INatsObjStore, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            NatsObjConfig config = new(bucket) { NumberOfReplicas = _options.ReplicasOrDefault };
            INatsObjStore store;
            try
            {
                store = await _objects.GetObjectStoreAsync(bucket, cancellationToken).ConfigureAwait(false);
            }
            catch (NatsJSApiException exception) when (exception.Error.Code == 404)
            {
                store = await _objects.CreateObjectStoreAsync(config, cancellationToken).ConfigureAwait(false);
            }

            return await use(store, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            exception is NatsException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ResourceExhaustedException(
                "CLUSTER_UNAVAILABLE", $"The NATS servers of the cluster did not do what was asked for: {exception.GetType().Name}.", RetryAfter);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
