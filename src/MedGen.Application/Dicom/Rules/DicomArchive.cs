using MedGen.Dicom.Web;

namespace MedGen.Application.Dicom.Rules;

/// <summary>An archive that results go to and studies are fetched from, in the rules file.</summary>
public sealed record DicomArchive
{
    /// <summary>Its name in this file: 1 to 64 lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Address of its DICOMweb service.</summary>
    public required Uri Address { get; init; }

    /// <summary>Whether clear text to another machine is allowed.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>File with a bearer token; null: none. Paths are relative to the rules file's folder.</summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM file of the authorities to trust; null: the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of our certificate; null: none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its key; null: it is in the certificate's file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How long it may take to begin an answer, 1 to 3,600 s.</summary>
    public double TimeoutSeconds { get; init; } = 120;

    /// <summary>Tenants that may use it; empty: all.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = [];

    /// <summary>How it is called.</summary>
    /// <param name="folder">Folder of the rules file.</param>
    /// <returns>The server.</returns>
    public DicomWebServer ToServer(string folder) => new()
    {
        Address = Address,
        AllowInsecure = AllowInsecure,
        TokenFile = In(folder, TokenFile),
        AuthorityFile = In(folder, CaFile),
        CertificateFile = In(folder, CertificateFile),
        KeyFile = In(folder, KeyFile),
        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
    };

    private static string? In(string folder, string? file) => file is null ? null : Path.Combine(folder, file);
}
