using Microsoft.AspNetCore.Http;

namespace MedGen.WebConsole;

/// <summary>What a browser may do with a page: nothing comes from elsewhere, no script or style stands in the page, nobody frames it.</summary>
internal static class ConsoleHeaders
{
    // Previews come as data; canvases and the player make blobs.
    public const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static void Set(HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";

        // With no-referrer, a browser would not say of our own forms where they come from, and the host would refuse them.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers.CacheControl = "no-store";
    }
}
