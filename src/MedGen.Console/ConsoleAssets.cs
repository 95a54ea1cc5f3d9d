using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MedGen.WebConsole;

/// <summary>The stylesheet and the scripts, out of the assembly. Each address names the content's hash, so a browser keeps a file for good.</summary>
internal static class ConsoleAssets
{
    private const string Prefix = "assets/";

    private static readonly FrozenDictionary<string, Asset> All = typeof(ConsoleAssets).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => Asset.Read(name[Prefix.Length..], name)).ToFrozenDictionary(asset => asset.Name);

    /// <summary>Where a file is got.</summary>
    public static string Address(string name) => $"{ConsolePaths.Assets}/{name}?v={All[name].Hash}";

    /// <summary>Nothing in them is anybody's, and the sign-in page needs them, too.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(ConsolePaths.Assets + "/{name}", (string name, HttpContext http) =>
    {
        if (!All.TryGetValue(name, out Asset? asset))
        {
            return Results.NotFound();
        }

        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(asset.Content, asset.MediaType);
    }).AllowAnonymous();

    private sealed record Asset(string Name, string MediaType, byte[] Content, string Hash)
    {
        public static Asset Read(string name, string resource)
        {
            using Stream stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream(resource)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            string type = Path.GetExtension(name) switch
            {
                ".css" => "text/css; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => "text/javascript; charset=utf-8",
            };
            return new Asset(name, type, content, Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
        }
    }
}
