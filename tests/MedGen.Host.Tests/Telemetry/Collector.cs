using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MedGen.Host.Tests.Telemetry;

/// <summary>Takes what a host exports by OTLP over HTTP, as it is on the wire.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

    private Collector(WebApplication application) => _application = application;

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<Collector> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Collector collector = new(builder.Build());
        collector._application.Run(collector.TakeAsync);
        await collector._application.StartAsync(RunningHost.Token);
        return collector;
    }

    /// <summary>All that came for a signal, <c>traces</c> or <c>metrics</c>: texts stand in protobuf as they are.</summary>
    public string TextOf(string signal) => string.Concat(_received.Where(one => one.Path == "/v1/" + signal).Select(one => one.Body));

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        _received.Enqueue((http.Request.Path.Value!, Encoding.Latin1.GetString(body.ToArray())));
    }
}
