using MedGen.Sdk.Errors;

namespace MedGen.Application.Signing;

/// <summary>
/// The key pair that this host signs with (ECDSA over P-256 with SHA-256): its audit log and the provenance of what it makes. Made at the first start
/// and kept in the data folder, readable for the host's user only.
/// </summary>
public interface IHostKey
{
    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo, DER), 64 lower-case hex digits.</summary>
    string Id { get; }

    /// <summary>The public key: SubjectPublicKeyInfo in base64.</summary>
    string PublicKey { get; }

    /// <summary>Signs data.</summary>
    /// <param name="data">The data.</param>
    /// <returns>The signature in base64, r and s of 32 bytes each.</returns>
    /// <exception cref="FailedPreconditionException">The data folder is only looked at and has no key (<c>HOST_KEY_MISSING</c>).</exception>
    string Sign(ReadOnlySpan<byte> data);

    /// <summary>Whether a signature is this host's over the data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="signature">The signature as <see cref="Sign"/> gives it.</param>
    /// <returns>False: it is not, or there is no key.</returns>
    bool Verify(ReadOnlySpan<byte> data, string signature);
}
