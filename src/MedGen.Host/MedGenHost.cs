using System.Net;
using MedGen.Abstractions.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

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
    /// <exception cref="FailedPreconditionException">The tokens file or the certificate cannot be used.</exception>
    public static MedGenHost Build(MedGenHostOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        MedGenHostOptionsValidator.ThrowIfInvalid(options);

        // Empty: no settings from the surroundings, so a host does what its options say and nothing else.
        WebApplicationBuilder builder =
            WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(MedGenHost).Assembly.GetName().Name });
        KeepCallersTextsOut(builder.Logging);
        builder.Services.AddMedGenPlatform(options);
        builder.Services.AddMedGenDoor(options);
        List<ListenOptions> listeners = builder.WebHost.ListenAsAsked(options);
        configure?.Invoke(builder);

        WebApplication application = builder.Build();
        application.UseMedGenDoor();
        return new MedGenHost(application, options, listeners);
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
            throw new FailedPreconditionException(
                "PORT_IN_USE",
                $"Another process listens on {_options.Address} port {_options.GrpcPort} or {_options.HttpPort}: {error.Message} " +
                "Choose other ports, or 0 for free ones.",
                error);
        }

        _endpoints = new MedGenEndpoints { Grpc = ToUri(_listeners[0]), Http = ToUri(_listeners[1]) };
        _application.Logger.Listening(_endpoints.Grpc, _endpoints.Http, _options.TokenFile is null ? "everybody on this machine" : "tokens");
        if (_options.CertificateFile is null && !IPAddress.IsLoopback(_options.Address))
        {
            _application.Logger.Insecure(_options.Address.ToString());
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

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    // The server's own lines hold addresses, and with them names of uploaded files, and texts of errors that are meant for the caller. No configuration
    // turns these on; what the host itself says of each call has ids and codes only.
    private static void KeepCallersTextsOut(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Grpc", LogLevel.None);
        logging.AddFilter("Grpc", LogLevel.Warning);
    }

    private Uri ToUri(ListenOptions listener)
    {
        IPEndPoint bound = listener.IPEndPoint ?? throw new InvalidOperationException("A listener has no address.");

        // Any-address is where to listen, not where to call.
        string name = bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : bound.Address.ToString();
        return new UriBuilder(_options.CertificateFile is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, name, bound.Port).Uri;
    }
}
