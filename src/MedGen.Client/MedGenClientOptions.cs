namespace MedGen.Client;

/// <summary>Where the host is and how to speak to it.</summary>
public sealed record MedGenClientOptions
{
    /// <summary>Address of the host's gRPC port, for instance <c>http://127.0.0.1:5201</c> or <c>https://medgen.example:5201</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>Bearer token; null: none is sent. Over plain http a token is sent only to a loopback address.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// PEM file of the authorities whose certificates are accepted from an https host, instead of the machine's: for a host with a certificate of its
    /// own or of the house. Null: those that the machine trusts.
    /// </summary>
    public string? AuthorityFile { get; init; }

    /// <summary>PEM file of the caller's own certificate, for an https host that knows callers by it; null: none is shown.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of that certificate's private key; null: it is in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How long a watch keeps trying to reach a host that went away, above 0; default 5 min.</summary>
    public TimeSpan ReconnectLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Clock of waits; for tests.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
