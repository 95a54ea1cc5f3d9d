using MedGen.Host.Health;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MedGen.Host.Telemetry;

/// <summary>
/// A listener of its own for those who run the host: metrics and probes, in clear text and without identity. Nothing else is served there, and
/// metrics are served nowhere else.
/// </summary>
internal static class OperatorsListener
{
    public static void ListenForOperators(this KestrelServerOptions kestrel, TelemetryOptions options, List<ListenOptions> listeners)
    {
        if (options.Port is { } port)
        {
            kestrel.Listen(options.Address, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection =>
                {
                    connection.Features.Set(new Mark());
                    return next(connection);
                });
                listeners.Add(listen);
            });
        }
    }

    public static void UseOperators(this WebApplication application, TelemetryOptions options)
    {
        if (options.Port is null)
        {
            return;
        }

        application.MapWhen(http => http.Features.Get<Mark>() is not null, operators =>
        {
            operators.UseOpenTelemetryPrometheusScrapingEndpoint();
            operators.Run(http => http.Request.Path.Value switch
            {
                "/livez" => http.Response.WriteAsync("alive", http.RequestAborted),
                "/startupz" or "/readyz" => http.RequestServices.GetRequiredService<Readiness>().AnswerAsync(http, withChecks: true),
                _ => NotFound(http),
            });
        });
    }

    private static Task NotFound(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>On connections to this listener.</summary>
    private sealed class Mark;
}
