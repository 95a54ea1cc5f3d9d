using MedGen.Application.Artifacts;
using Microsoft.AspNetCore.Http;

namespace MedGen.WebConsole;

/// <summary>Addresses that the console and the host must agree on.</summary>
public static class ConsolePaths
{
    /// <summary>Where a browser signs in.</summary>
    public const string SignIn = "/sign-in";

    /// <summary>Where the host gives out artifacts to signed-in browsers: <c>/console/files/ID</c>, parts of them, too.</summary>
    public const string Files = "/console/files";

    /// <summary>Whether an address is a path of this host, and none that a browser reads as another host's name.</summary>
    /// <param name="address">The address, from wherever.</param>
    /// <returns>False: it must not be gone to.</returns>
    public static bool IsOwn(string? address) =>
        address is ['/', ..] && !(address.Length > 1 && address[1] is '/' or '\\') && !address.Any(char.IsControl);

    /// <summary>Says what a browser may do with a page of the host's that belongs to the console.</summary>
    /// <param name="response">The answer that holds the page.</param>
    public static void SetPageHeaders(HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        ConsoleHeaders.Set(response);
    }

    internal const string Assets = "/console/assets";

    internal static string Of(Artifact artifact) => $"{Files}/{artifact.Id}";
}
