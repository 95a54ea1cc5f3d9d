using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MedGen.Host.Tests;

/// <summary>
/// A house's authority with an intermediate one, and certificates for 127.0.0.1 from it, as PEM files in a folder of its own. Callers need to trust
/// <see cref="RootFile"/> only.
/// </summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgen-tls-");
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _intermediate;

    public TestAuthority()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _root = Authority("CN=House Root", rootKey).CreateSelfSigned(now.AddYears(-20), now.AddYears(20));
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 signed = Authority("CN=House Servers", key).Create(_root, now.AddYears(-19), now.AddYears(19), [1]);
        _intermediate = signed.CopyWithPrivateKey(key);
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
    }

    public string AuthoritiesPem => _root.ExportCertificatePem() + "\n" + _intermediate.ExportCertificatePem();

    public X509Certificate2 Root => _root;

    public X509Certificate2 Intermediate => _intermediate;

    public string RootFile => Path.Combine(_folder.FullName, "root.pem");

    /// <summary>Writes a certificate (with the intermediate authority's behind it) and its key.</summary>
    public (string CertificateFile, string KeyFile) Issue(string name, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null, X509Certificate2? by = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(by ?? _intermediate, true, false));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.Create(
            by ?? _intermediate, notBefore ?? now.AddDays(-1), notAfter ?? now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        string pem = certificate.ExportCertificatePem() + "\n" + _intermediate.ExportCertificatePem();
        return (Write(name + ".pem", pem), Write(name + ".key", key.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>A new certificate of the authority that issues certificates: another key under the same name.</summary>
    public X509Certificate2 NewIntermediate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 signed = Authority("CN=House Servers", key).Create(_root, now.AddDays(-9), now.AddYears(9), [2]);
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>The revocation list of the authority that issues certificates.</summary>
    public string RevocationPem(DateTimeOffset nextUpdate, params X509Certificate2[] revoked) => RevocationPem(nextUpdate, _intermediate, revoked);

    /// <summary>The revocation list of an authority.</summary>
    public static string RevocationPem(DateTimeOffset nextUpdate, X509Certificate2 authority, X509Certificate2[] revoked)
    {
        CertificateRevocationListBuilder builder = new();
        foreach (X509Certificate2 certificate in revoked)
        {
            builder.AddEntry(certificate);
        }

        byte[] list = builder.Build(
            authority, 1, nextUpdate, HashAlgorithmName.SHA256, thisUpdate: nextUpdate.AddDays(-30));
        return PemEncoding.WriteString("X509 CRL", list);
    }

    public string Write(string name, string content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose()
    {
        _root.Dispose();
        _intermediate.Dispose();
        _folder.Delete(recursive: true);
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
