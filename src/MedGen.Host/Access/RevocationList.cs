using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MedGen.Host.Access;

/// <summary>A certificate revocation list (RFC 5280, section 5) of one authority: complete, in PEM or DER.</summary>
internal sealed class RevocationList
{
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 0);

    private readonly byte[] _issuer;
    private readonly byte[] _signed;
    private readonly string _algorithm;
    private readonly byte[] _signature;
    private readonly HashSet<BigInteger> _serials;

    private RevocationList(
        byte[] issuer, byte[] signed, string algorithm, byte[] signature, DateTimeOffset? nextUpdate, HashSet<BigInteger> serials) =>
        (_issuer, _signed, _algorithm, _signature, NextUpdate, _serials) = (issuer, signed, algorithm, signature, nextUpdate, serials);

    /// <summary>When the authority publishes the next list at the latest; null: it does not say.</summary>
    public DateTimeOffset? NextUpdate { get; }

    /// <summary>Reads a list; whose it is, <see cref="IsOf"/> tells.</summary>
    /// <exception cref="FormatException">It is none, is not complete, or is more than one.</exception>
    public static RevocationList Parse(byte[] content)
    {
        try
        {
            string text = Encoding.Latin1.GetString(content);
            bool isPem = PemEncoding.TryFind(text, out PemFields pem);
            if (isPem && PemEncoding.TryFind(text.AsSpan()[pem.Location.End..], out _))
            {
                throw new FormatException("it holds more than one revocation list; give each a file of its own");
            }

            byte[] encoded = isPem ? Convert.FromBase64String(text[pem.Base64Data]) : content;
            AsnReader list = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
            ReadOnlyMemory<byte> signed = list.PeekEncodedValue();
            AsnReader body = list.ReadSequence();
            string algorithm = list.ReadSequence().ReadObjectIdentifier();
            byte[] signature = list.ReadBitString(out _);
            if (body.PeekTag() == Asn1Tag.Integer)
            {
                body.ReadInteger();
            }

            body.ReadSequence();
            byte[] issuer = body.ReadEncodedValue().ToArray();
            ReadTime(body);
            DateTimeOffset? nextUpdate = body.HasData && IsTime(body.PeekTag()) ? ReadTime(body) : null;
            HashSet<BigInteger> serials = body.HasData && body.PeekTag() == Asn1Tag.Sequence ? ReadSerials(body.ReadSequence()) : [];
            if (body.HasData && body.PeekTag().HasSameClassAndValue(Extensions))
            {
                RequireComplete(body.ReadSequence(Extensions).ReadSequence());
            }

            return new RevocationList(issuer, signed.ToArray(), algorithm, signature, nextUpdate, serials);
        }
        catch (AsnContentException exception)
        {
            throw new FormatException("it is no certificate revocation list in PEM or DER", exception);
        }
    }

    /// <summary>Whether a certificate's authority has issued the list, by its name and its signature (RSA or ECDSA with SHA-2).</summary>
    public bool IsOf(X509Certificate2 authority)
    {
        if (!authority.SubjectName.RawData.AsSpan().SequenceEqual(_issuer))
        {
            return false;
        }

        using RSA? rsa = authority.GetRSAPublicKey();
        using ECDsa? ecdsa = authority.GetECDsaPublicKey();
        return _algorithm switch
        {
            "1.2.840.113549.1.1.11" => Rsa(HashAlgorithmName.SHA256),
            "1.2.840.113549.1.1.12" => Rsa(HashAlgorithmName.SHA384),
            "1.2.840.113549.1.1.13" => Rsa(HashAlgorithmName.SHA512),
            "1.2.840.10045.4.3.2" => Ecdsa(HashAlgorithmName.SHA256),
            "1.2.840.10045.4.3.3" => Ecdsa(HashAlgorithmName.SHA384),
            "1.2.840.10045.4.3.4" => Ecdsa(HashAlgorithmName.SHA512),
            _ => false,
        };

        bool Rsa(HashAlgorithmName hash) => rsa?.VerifyData(_signed, _signature, hash, RSASignaturePadding.Pkcs1) ?? false;
        bool Ecdsa(HashAlgorithmName hash) => ecdsa?.VerifyData(_signed, _signature, hash, DSASignatureFormat.Rfc3279DerSequence) ?? false;
    }

    /// <summary>Whether the list names a certificate of its authority.</summary>
    public bool Names(X509Certificate2 certificate) =>
        _serials.Contains(new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true));

    private static bool IsTime(Asn1Tag tag) => tag.TagClass == TagClass.Universal
        && tag.TagValue is (int)UniversalTagNumber.UtcTime or (int)UniversalTagNumber.GeneralizedTime;

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().TagValue == (int)UniversalTagNumber.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    private static HashSet<BigInteger> ReadSerials(AsnReader entries)
    {
        HashSet<BigInteger> serials = [];
        while (entries.HasData)
        {
            serials.Add(entries.ReadSequence().ReadInteger());
        }

        return serials;
    }

    // Lists of changes, and lists of other authorities' certificates, say so in an extension that whoever does not know it must not pass over.
    private static void RequireComplete(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            AsnReader extension = extensions.ReadSequence();
            extension.ReadObjectIdentifier();
            if (extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean())
            {
                throw new FormatException("it is a partial or indirect revocation list; a complete one of the authority itself is needed");
            }
        }
    }
}
