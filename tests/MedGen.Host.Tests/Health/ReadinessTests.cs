using System.Net;
using Grpc.Net.Client;
using MedGen.Host.Health;
using MedGen.Host.Telemetry;
using MedGen.Runtime.Health;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using HealthCheckResponse = Grpc.Health.V1.HealthCheckResponse;

namespace MedGen.Host.Tests.Health;

public class ReadinessTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HeldDevice _device = new();

    [Fact]
    public async Task Answer_OfChecksThatHangOrAFailedDevice_IsNotReady()
    {
        Readiness readiness = new(_device, _time, NullLogger<Readiness>.Instance);
        (await AnswerAsync(readiness)).ShouldBe((503, "Unhealthy"));

        await readiness.PublishAsync(Report(HealthStatus.Healthy), RunningHost.Token);
        (await AnswerAsync(readiness)).ShouldBe((200, "Healthy"));
        _device.HasFailed = true;
        (await AnswerAsync(readiness)).ShouldBe((503, "Unhealthy"));
        _device.HasFailed = false;
        _time.Advance(TimeSpan.FromSeconds(31));
        (await AnswerAsync(readiness)).ShouldBe((503, "Unhealthy"));
    }

    [Theory]
    [InlineData(HealthStatus.Degraded, 200)]
    [InlineData(HealthStatus.Unhealthy, 503)]
    public async Task Answer_OfACheck_SaysWhetherRequestsAreServed(HealthStatus status, int expected)
    {
        Readiness readiness = new(_device, _time, NullLogger<Readiness>.Instance);

        await readiness.PublishAsync(Report(status), RunningHost.Token);

        (await AnswerAsync(readiness)).ShouldBe((expected, status.ToString()));
    }

    [Fact]
    public async Task Readyz_OfAFullDisk_IsNotReadyAndSaysWhy()
    {
        await using RunningHost host = await RunningHost.StartAsync(
            options => options with { Storage = storage => storage.MinFreeBytes = 1L << 50, Telemetry = new TelemetryOptions { Port = 0 } });
        using HttpClient operators = new() { BaseAddress = host.Endpoints.Operators };

        using HttpResponseMessage open = await host.Http.GetAsync("/readyz", RunningHost.Token);
        using HttpResponseMessage answer = await operators.GetAsync("/readyz", RunningHost.Token);

        (open.StatusCode, await open.Content.ReadAsStringAsync(RunningHost.Token)).ShouldBe((HttpStatusCode.ServiceUnavailable, "Unhealthy"));
        (await answer.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("store: Unhealthy");
    }

    [Fact]
    public async Task GrpcHealth_OfEachService_Serves()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using GrpcChannel channel = GrpcChannel.ForAddress(host.Endpoints.Grpc);
        Grpc.Health.V1.Health.HealthClient health = new(channel);

        foreach (string service in new[] { "", "medgen.v1.Generation", "medgen.v1.Analysis", "medgen.v1.Jobs" })
        {
            (await health.CheckAsync(new() { Service = service }, cancellationToken: RunningHost.Token)).Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
        }
    }

    [Fact]
    public async Task Check_OfADeviceHeldForTooLong_IsUnhealthy()
    {
        DeviceReadiness check = new(_device, _device, new OneHog(), Microsoft.Extensions.Options.Options.Create(new Runtime.MedGenRuntimeOptions()));

        HealthCheckResult result = await check.CheckHealthAsync(new HealthCheckContext(), RunningHost.Token);

        (result.Status, result.Description).ShouldBe((HealthStatus.Unhealthy, "One piece of work of plugin acme.hog 1.0.0 has held the device for 7200 s."));
    }

    private static HealthReport Report(HealthStatus status) =>
        new(new Dictionary<string, HealthReportEntry> { ["store"] = new(status, "", TimeSpan.Zero, null, null) }, TimeSpan.Zero);

    private static async Task<(int Status, string Body)> AnswerAsync(Readiness readiness)
    {
        DefaultHttpContext http = new();
        using MemoryStream body = new();
        http.Response.Body = body;
        await readiness.AnswerAsync(http, withChecks: false);
        return (http.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }

    private sealed class HeldDevice : IDeviceHealthCheck, IDeviceActivity
    {
        public TimeSpan Worked => TimeSpan.Zero;

        public TimeSpan? Busy => TimeSpan.FromHours(2);

        public bool HasFailed { get; set; }

        public Task<DeviceHealth> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(new DeviceHealth { IsHealthy = true, Message = "" });
    }

    private sealed class OneHog : MedGen.Application.Plugins.IPluginDeviceWork
    {
        public string? Running => "acme.hog 1.0.0";
    }
}
