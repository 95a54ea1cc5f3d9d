using System.Security.Cryptography.X509Certificates;

namespace MedGen.Host.Access;

/// <summary>What a caller has shown of itself.</summary>
/// <param name="Authorization">The header of that name; empty: there was none.</param>
/// <param name="Certificate">The client certificate of the connection; null: none.</param>
internal sealed record Credentials(string Authorization, X509Certificate2? Certificate)
{
    public static Credentials Of(HttpContext http) => new(http.Request.Headers.Authorization.ToString(), http.Connection.ClientCertificate);
}
