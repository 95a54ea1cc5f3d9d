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
    /// <summary>How long a new leader may take, and more.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly ClusterOptions _options;
    private readonly NatsConnection _connection;
    private readonly NatsObjContext _objects;
    private readonly TimeProvider _time;

    public ClusterServers(IOptions<ClusterOptions> options, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
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

    /// <summary>
    /// Does something with a bucket of objects, which is made when it is missing. Where the servers cannot, as while they choose a new leader, it is
    /// tried again for a while.
    /// </summary>
    /// <param name="bucket">Its name.</param>
    /// <param name="use">What to do; may be called again after it has failed.</param>
    /// <param name="patience">For how long it is tried again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ResourceExhaustedException">The servers do not answer, or have no room.</exception>
    public async Task<T> WithBucketAsync<T>(
        string bucket, Func<INatsObjStore, CancellationToken, Task<T>> use, TimeSpan patience, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return await use(await OpenAsync(bucket, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsOfTheServers(exception, cancellationToken))
            {
                if (_time.GetElapsedTime(started) >= patience)
                {
                    throw new ResourceExhaustedException(
                        "CLUSTER_UNAVAILABLE", $"The NATS servers of the cluster did not do what was asked for: {exception.GetType().Name}.",
                        RetryAfter);
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static bool IsOfTheServers(Exception exception, CancellationToken cancellationToken) => exception is NatsException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task<INatsObjStore> OpenAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            return await _objects.GetObjectStoreAsync(bucket, cancellationToken).ConfigureAwait(false);
        }
        catch (NatsJSApiException exception) when (exception.Error.Code == 404)
        {
            return await _objects.CreateObjectStoreAsync(
                new NatsObjConfig(bucket) { NumberOfReplicas = _options.ReplicasOrDefault }, cancellationToken).ConfigureAwait(false);
        }
    }
}
