namespace MedGen.Dicom.Web;

/// <summary>A DICOMweb server and how it is called.</summary>
public sealed record DicomWebServer
{
    /// <summary>Address below which <c>studies</c> lies: https, or http on this machine or with <see cref="AllowInsecure"/>.</summary>
    public required Uri Address { get; init; }

    /// <summary>Whether clear text is allowed to another machine, without a token.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>File with a bearer token (RFC 6750), read at every call; null: none is sent.</summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM file of the authorities to trust, in the place of the machine's; null: the machine's.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>PEM file of our certificate; null: none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its key; null: it is in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How long the server may take to begin an answer, and to go on with it; 1 s to 1 h, default 2 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);
}
