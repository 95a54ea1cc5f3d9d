using System.Net;
using MedGen.Application;
using MedGen.Application.Dicom.Rules;
using MedGen.Host.Access;
using MedGen.Host.Dicom;
using MedGen.Host.Logging;
using MedGen.Host.Tls;
using MedGen.Sdk.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace MedGen.Host;

/// <summary>The platform in one process: gRPC and HTTP in front, jobs, plugins and the resident model behind.</summary>
public sealed class MedGenHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly MedGenHostOptions _options;
    private readonly List<ListenOptions> _listeners;
    private MedGenEndpoints? _endpoints;

    private MedGenHost(WebApplication application, MedGenHostOptions options, List<ListenOptions> listeners)
    {
        _application = application;
        _options = options;
        _listeners = listeners;
    }

    /// <summary>Where the host listens, with the ports that it was given where 0 was asked for.</summary>
    /// <exception cref="InvalidOperationException">The host has not started.</exception>
    public MedGenEndpoints Endpoints => _endpoints ?? throw new InvalidOperationException("The host has not started.");

    /// <summary>The services of the running host.</summary>
    public IServiceProvider Services => _application.Services;

    /// <summary>Puts a host together without starting it. It logs nowhere unless <paramref name="configure"/> adds a provider.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="configure">Adds logging providers or replaces services; null: nothing.</param>
    /// <returns>The host; dispose it.</returns>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is wrong; the failures name each.</exception>
    /// <exception cref="FailedPreconditionException">The file of API keys, the access file, the DICOM rules or the certificate cannot be
    /// used.</exception>
    public static MedGenHost Build(MedGenHostOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        MedGenHostOptionsValidator.ThrowIfInvalid(options);

        // Empty: no settings from the surroundings, so a host does what its options say and nothing else.
        WebApplicationBuilder builder =
            WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(MedGenHost).Assembly.GetName().Name });
        LogLevels levels = new(options.Logging);
        builder.Services.AddSingleton(levels);
        builder.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(levels);
        builder.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(levels);
        builder.Services.AddMedGenPlatform(options);
        builder.Services.AddMedGenDoor(options);
        List<ListenOptions> listeners = builder.WebHost.ListenAsAsked(options);
        configure?.Invoke(builder);

        WebApplication application = builder.Build();

        // Files that say who may come in are read now: a host without them must not start.
        application.Services.GetRequiredService<AccessDirectory>();
        application.Services.GetRequiredService<IDicomRules>();
        application.UseMedGenDoor(options);
        return new MedGenHost(application, options, listeners);
    }

    /// <summary>Checks settings as <see cref="Build"/> does, without building anything.</summary>
    /// <param name="options">Settings.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong; the failures name each.</exception>
    /// <exception cref="FailedPreconditionException">The tokens file or the certificate cannot be used.</exception>
    public static void Check(MedGenHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        MedGenHostOptionsValidator.ThrowIfInvalid(options);
        ServerCertificate.Read(options, TimeProvider.System.GetUtcNow());
        AccessDirectory.Check(options);
        DicomRulesFile.Check(options);
    }

    /// <summary>What a host would start with, and had better not: files and folders that other users of the machine may read or change.</summary>
    /// <param name="options">Settings.</param>
    /// <returns>A sentence each, with what to do.</returns>
    public static IReadOnlyList<string> Warnings(MedGenHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return FileRights.Warnings(options);
    }

    /// <summary>Starts everything; the host serves when this completes.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the host serves.</returns>
    /// <exception cref="FailedPreconditionException">A port is taken (reason <c>PORT_IN_USE</c>), or a room cannot start.</exception>
    /// <exception cref="ModelFormatException">The model folder is broken or incomplete.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            // The ports come last: what has begun before them ends in order. Taken away from under it, it would log a fault of its own.
            await _application.StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw new FailedPreconditionException(
                "PORT_IN_USE",
                $"Another process listens on {_options.Address} port {_options.GrpcPort} or {_options.HttpPort}: {error.Message} " +
                "Choose other ports, or 0 for free ones.",
                error);
        }

        string scheme = _options.CertificateFile is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        _endpoints = new MedGenEndpoints
        {
            Grpc = ToUri(_listeners[0], scheme),
            Http = ToUri(_listeners[1], scheme),
            Operators = _listeners.Count > 2 ? ToUri(_listeners[2], Uri.UriSchemeHttp) : null,
        };
        _application.Logger.Listening(_endpoints.Grpc, _endpoints.Http, _options.AsksForCredentials ? "credentials" : "everybody on this machine");
        if (_options.CertificateFile is null && !IPAddress.IsLoopback(_options.Address))
        {
            _application.Logger.Insecure(_options.Address.ToString());
        }

        foreach (string warning in Warnings(_options))
        {
            _application.Logger.TooOpen(warning);
        }
    }

    /// <summary>Stops: no new calls, running jobs stop at their next step and wait for the next start.</summary>
    /// <param name="cancellationToken">Stops without waiting any longer.</param>
    /// <returns>Completes when everything has stopped.</returns>
    public Task StopAsync(CancellationToken cancellationToken = default) => _application.StopAsync(cancellationToken);

    /// <summary>Completes when the host has been told to stop, by <see cref="StopAsync"/> or by the lifetime, and has stopped.</summary>
    /// <param name="cancellationToken">Stops the host.</param>
    /// <returns>Completes when everything has stopped.</returns>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _application.WaitForShutdownAsync(cancellationToken);

    /// <summary>Puts those settings in force that can be changed while the host runs: limits of the queue, and levels of the log.</summary>
    /// <param name="options">The options of the new configuration; all others of them count at the next start.</param>
    /// <exception cref="OptionsValidationException">A setting is wrong; nothing was changed.</exception>
    public void Apply(MedGenHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        MedGenHostOptionsValidator.ThrowIfInvalid(options);
        MedGenApplicationOptions wanted = MedGenPlatform.Jobs(options);
        MedGenApplicationOptions jobs = Services.GetRequiredService<IOptions<MedGenApplicationOptions>>().Value;
        jobs.MaxQueuedJobs = wanted.MaxQueuedJobs;
        jobs.MaxQueuedJobsPerCaller = wanted.MaxQueuedJobsPerCaller;
        jobs.MaxStreamsPerCaller = wanted.MaxStreamsPerCaller;
        jobs.MaxGeneratedFrames = wanted.MaxGeneratedFrames;
        jobs.RetryAfter = wanted.RetryAfter;
        Services.GetRequiredService<LogLevels>().Change(options.Logging);
        _application.Logger.Reloaded();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static Uri ToUri(ListenOptions listener, string scheme)
    {
        IPEndPoint bound = listener.IPEndPoint ?? throw new InvalidOperationException("A listener has no address.");

        // Any-address is where to listen, not where to call.
        string name = bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : bound.Address.ToString();
        return new UriBuilder(scheme, name, bound.Port).Uri;
    }
}
