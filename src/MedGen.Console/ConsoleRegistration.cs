using MedGen.WebConsole.Analysis;
using MedGen.WebConsole.Augmentation;
using MedGen.WebConsole.Components;
using MedGen.WebConsole.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.WebConsole;

/// <summary>Puts the console into a host.</summary>
public static class ConsoleRegistration
{
    // A circuit gets a first frame or a clip in parts of this size; a part is a message.
    private const long LargestMessage = 128 * 1024;

    /// <summary>Adds what pages need. The host adds <see cref="IConsoleCallers"/>, <see cref="IConsoleSignIn"/> and the Application layer.</summary>
    /// <param name="services">Where to add.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddMedGenConsole(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestMessage);
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "medgen-console-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddScoped<ConsoleMessages>();
        services.AddSingleton<FailureReporter>();
        return services;
    }

    /// <summary>Maps the pages, their circuits and their files.</summary>
    /// <param name="routes">Where to map; authentication, authorization and antiforgery come before.</param>
    public static void MapMedGenConsole(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ConsoleAssets.Map(routes);
        FindingsRoute.Map(routes);
        DatasetFileRoute.Map(routes);
        routes.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null)
            .WithMetadata(new ConsoleEndpoint())
            .Add(endpoint =>
            {
                RequestDelegate page = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = http =>
                {
                    ConsoleHeaders.Set(http.Response);
                    return page(http);
                };
            });
    }
}
