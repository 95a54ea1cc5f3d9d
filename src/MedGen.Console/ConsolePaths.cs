using MedGen.Application.Artifacts;

namespace MedGen.WebConsole;

/// <summary>Addresses that the console and the host must agree on.</summary>
public static class ConsolePaths
{
    /// <summary>Where a browser signs in.</summary>
    public const string SignIn = "/sign-in";

    /// <summary>Where the host gives out artifacts to signed-in browsers: <c>/console/files/ID</c>, parts of them, too.</summary>
    public const string Files = "/console/files";

    internal const string Assets = "/console/assets";

    internal static string Of(Artifact artifact) => $"{Files}/{artifact.Id}";
}
