using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MedGen.Sdk.Errors;

namespace MedGen.Host.Tls;

/// <summary>What the host shows to callers over TLS: its certificate with the private key, and the authorities between it and the root.</summary>
/// <param name="Leaf">The certificate with its key.</param>
/// <param name="Chain">The certificates after the first one in the file; sent along, so that a caller needs to know the root only.</param>
internal sealed record ServerCertificate(X509Certificate2 Leaf, X509Certificate2Collection Chain)
{
    /// <summary>Reads and checks the files that the options name; null: the options ask for clear text.</summary>
    /// <exception cref="FailedPreconditionException">
    /// A file is no PEM file or cannot be read, the key is not the certificate's, or the certificate is not valid now. The message names the option.
    /// </exception>
    public static ServerCertificate? Read(MedGenHostOptions options, DateTimeOffset now)
    {
        if (options.CertificateFile is not { } file)
        {
            return null;
        }

        X509Certificate2Collection all = [];
        Try(nameof(options.CertificateFile), file, () => all.ImportFromPemFile(file));
        if (all.Count == 0)
        {
            throw Refused(nameof(options.CertificateFile), file, "it holds no certificate in PEM");
        }

        string keyFile = options.KeyFile!;
        X509Certificate2 leaf = Try(nameof(options.KeyFile), keyFile, () => X509Certificate2.CreateFromPemFile(file, keyFile));
        if (now < leaf.NotBefore || now > leaf.NotAfter)
        {
            throw Refused(
                nameof(options.CertificateFile),
                file,
                $"it is valid from {leaf.NotBefore.ToUniversalTime():u} to {leaf.NotAfter.ToUniversalTime():u}, and now it is "
                    + $"{now.ToUniversalTime():u}");
        }

        all.RemoveAt(0);
        return new ServerCertificate(leaf, all);
    }

    private static void Try(string option, string file, Action read) => Try(option, file, () =>
    {
        read();
        return true;
    });

    // The framework says with an ArgumentException that a key belongs to another certificate.
    private static T Try<T>(string option, string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Refused(option, file, error.Message, error);
        }
    }

    private static FailedPreconditionException Refused(string option, string file, string why, Exception? cause = null) =>
        new("CERTIFICATE", $"{option}: '{file}' cannot be used: {why.TrimEnd('.')}.", cause);
}
