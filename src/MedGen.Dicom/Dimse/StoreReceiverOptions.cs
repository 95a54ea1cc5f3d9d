using MedGen.Sandbox;

namespace MedGen.Dicom.Dimse;

/// <summary>As whom, and where, instances are received.</summary>
public sealed record StoreReceiverOptions
{
    /// <summary>Title of our application entity, 1 to 16 characters.</summary>
    public required string Title { get; init; }

    /// <summary>TCP port, 1 to 65,535.</summary>
    public required int Port { get; init; }

    /// <summary>Full path of the folder that files come to; it exists.</summary>
    public required string Folder { get; init; }

    /// <summary>Largest file in bytes; default 4 GiB.</summary>
    public long LargestFile { get; init; } = 4L << 30;

    /// <summary>PEM file of our certificate: TLS by the profile of BCP 195, without downgrading; null: clear text.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its key, not encrypted; needed with <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>PEM file of the authorities whose certificates peers have to show; null: peers show none.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>How the receiver is confined.</summary>
    public SandboxMode Sandbox { get; init; } = SandboxMode.Auto;
}
