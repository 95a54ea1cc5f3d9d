using Scalar.AspNetCore;

namespace MedGen.Host.OpenApi;

/// <summary>
/// Scalar's page over the OpenAPI document, for developers. All that it needs comes from this host, and nothing is sent to its maker.
/// </summary>
internal static class CallsPage
{
    public static void MapCallsPage(this IEndpointRouteBuilder routes) => routes.MapScalarApiReference(page => page
        .WithTitle("MedGen Platform")
        .DisableDefaultFonts()
        .DisableTelemetry()
        .DisableAgent()
        .DisableMcp()
        .HideDeveloperTools()
        .HideClientButton()).AllowAnonymous();
}
