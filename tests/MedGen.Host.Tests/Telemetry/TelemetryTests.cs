using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MedGen.Client;
using MedGen.Host.Telemetry;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests.Telemetry;

[Collection(nameof(Alone))]
public partial class TelemetryTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Secret = "Doe^John^MarkerOf4711";

    [Fact]
    public async Task Traces_OfAJob_AreTheCallersFromTheRequestToThePluginCall()
    {
        await using Collector collector = await Collector.StartAsync();
        await using (RunningHost host = await RunningHost.StartAsync(options => options with { Telemetry = To(collector) }))
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/v1/videos:generate")
            {
                Content = new StringContent(
                    """{"prompt": "a heart", "width": 64, "height": 48, "numFrames": 5, "numInferenceSteps": 2, "seed": "7"}""", Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
            using HttpResponseMessage response = await host.Http.SendAsync(request, RunningHost.Token);
            (await response.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("result");
        }

        string traces = collector.TextOf("traces");
        foreach (string span in new[] { "GenerateVideo", "Job.Generation", "PluginCall" })
        {
            traces.ShouldContain(span);
        }

        // Every span has the trace's id in bytes; the call, the message, the job and the plugin call make at least four.
        Regex.Count(traces, Regex.Escape(Encoding.Latin1.GetString(Convert.FromHexString(Trace)))).ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task Traces_OfAGeneration_HaveItsStepsOnTheDevice()
    {
        await using Collector collector = await Collector.StartAsync();
        await using (RunningHost host = await RunningHost.StartRealAsync(telemetry: To(collector)))
        {
            Proto.GenerateVideoRequest request = RunningHost.Small();
            (request.Width, request.Height) = (32, 32);
            await host.Client.Generation.GenerateAsync(request, RunningHost.Token).ToListAsync(RunningHost.Token);
        }

        string traces = collector.TextOf("traces");
        Regex.Count(traces, "Step.Denoising").ShouldBe(2);
        traces.ShouldContain("Step.Decoding");
    }

    [Fact]
    public async Task Telemetry_OfEveryKindOfRequest_HoldsNothingThatCallersWrote()
    {
        await using Collector collector = await Collector.StartAsync();
        string metrics;
        await using (RunningHost host = await RunningHost.StartAsync(options => options with { Telemetry = To(collector) }))
        {
            string escaped = Uri.EscapeDataString(Secret);
            foreach (Func<HttpRequestMessage> create in new Func<HttpRequestMessage>[]
            {
                () => new(HttpMethod.Get, $"/v1/jobs/{escaped}"),
                () => new(HttpMethod.Get, $"/v1/jobs?owner={escaped}&page_token={escaped}"),
                () => new(HttpMethod.Get, $"/{escaped}"),
                () => new(HttpMethod.Put, $"/v1/artifacts?name={escaped}.mp4") { Content = new StringContent("y", Encoding.UTF8, "video/mp4") },
                () => Json($$"""{"prompt": "{{Secret}}", "width": 64, "height": 48, "num_frames": 5, "num_inference_steps": 2}"""),
                () => Json($$"""{"{{Secret}}": 1}"""),
                () => Json($$"""{"prompt": "{{Secret}}""" + "\""),
            })
            {
                using HttpRequestMessage request = create();
                request.Headers.TryAddWithoutValidation("User-Agent", Secret).ShouldBeTrue();
                request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
                request.Headers.Add("tracestate", "vendor=MarkerOf4711");
                request.Headers.Add("baggage", "patient=MarkerOf4711");
                using HttpResponseMessage response = await host.Http.SendAsync(request, RunningHost.Token);
                await response.Content.ReadAsByteArrayAsync(RunningHost.Token);
            }

            host.Generator.Failure = new InvalidOperationException(Secret);
            host.ExpectsErrors = true;
            await Should.ThrowAsync<MedGenRpcException>(
                () => host.Client.Generation.GenerateAsync(RunningHost.Small(Secret), RunningHost.Token).ToListAsync(RunningHost.Token).AsTask());
            metrics = await ScrapeAsync(host);
            host.Lines.Where(line => line.Text.Contains("MarkerOf4711", StringComparison.Ordinal)).ShouldBeEmpty();
        }

        foreach (string text in new[] { metrics, collector.TextOf("traces"), collector.TextOf("metrics") })
        {
            text.ShouldNotBeEmpty();
            text.ShouldNotContain("MarkerOf4711");
        }
    }

    [Fact]
    public async Task Operators_ListenerOfTheirOwn_ServesMetricsAndProbesAndNothingElse()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { Telemetry = new TelemetryOptions { Port = 0 } });
        using HttpClient operators = new() { BaseAddress = host.Endpoints.Operators };

        (await operators.GetStringAsync("/livez", RunningHost.Token)).ShouldBe("alive");
        (await operators.GetStringAsync("/readyz", RunningHost.Token)).ShouldStartWith("Healthy\nchecked");
        foreach (string path in new[] { "/", "/v1/jobs", "/v1/artifacts/x/content", "/grpc.health.v1.Health/Check" })
        {
            using HttpResponseMessage response = await operators.GetAsync(path, RunningHost.Token);
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        using HttpResponseMessage elsewhere = await host.Http.GetAsync("/metrics", RunningHost.Token);
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Metrics_OfAHostAtWork_HaveWhatDashboardAndRulesAskFor()
    {
        await using RunningHost host = await RunningHost.StartRealAsync(telemetry: new TelemetryOptions { Port = 0 });
        Proto.Artifact clip = await host.Client.Artifacts.UploadAsync(
            Path.Combine(AppContext.BaseDirectory, "lung_ultrasound.mp4"), cancellationToken: RunningHost.Token);
        Proto.GenerateVideoRequest request = RunningHost.Small();
        (request.SourceArtifactId, request.Strength, request.Width, request.Height) = (clip.ArtifactId, 0.5, 32, 32);
        await host.Client.Generation.GenerateAsync(request, RunningHost.Token).ToListAsync(RunningHost.Token);

        string metrics = await ScrapeAsync(host);

        string[] asked = [.. new[] { "prometheus/rules.yml", "grafana/medgen.json" }
            .SelectMany(file => MetricName().Matches(File.ReadAllText(RepositoryRoot.Path("deploy", file)))).Select(match => match.Value).Distinct()];
        asked.Length.ShouldBeGreaterThan(10);
        asked.Where(name => !metrics.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    [Long]
    public async Task Promtool_AcceptsRulesAndMetrics()
    {
        Assert.SkipUnless(PrometheusServer.IsInstalled, "Prometheus is not installed; './medgen test --long' installs it.");
        await using RunningHost host = await RunningHost.StartAsync(options => options with { Telemetry = new TelemetryOptions { Port = 0 } });

        (await Promtool.RunAsync(["check", "rules", RepositoryRoot.Path("deploy", "prometheus", "rules.yml")], "")).ShouldContain("SUCCESS");
        (await Promtool.RunAsync(["check", "config", RepositoryRoot.Path("deploy", "prometheus", "prometheus.yml")], "")).ShouldContain("SUCCESS");

        // The runtime's own metrics are named as OpenTelemetry has them, of which the linter does not like all.
        string[] own = [.. (await ScrapeAsync(host)).Split('\n').Where(line => line.Contains("medgen_", StringComparison.Ordinal))];
        own.ShouldNotBeEmpty();
        await Promtool.RunAsync(["check", "metrics"], string.Join('\n', own) + "\n");
    }

    [Fact(Timeout = 120_000)]
    [Long]
    public async Task Prometheus_OfDebian_ScrapesAndEvaluatesTheRules()
    {
        Assert.SkipUnless(PrometheusServer.IsInstalled, "Prometheus is not installed; './medgen test --long' installs it.");
        CancellationToken token = TestContext.Current.CancellationToken;
        await using RunningHost host = await RunningHost.StartRealAsync(telemetry: new TelemetryOptions { Port = 0 });
        await using PrometheusServer prometheus = PrometheusServer.Start(host.Endpoints.Operators!);
        Proto.GenerateVideoRequest request = RunningHost.Small();
        (request.Width, request.Height) = (32, 32);

        await prometheus.WaitForAsync("query?query=medgen_ready", data => ValueOf(data) == "1", token);
        await prometheus.WaitForAsync(
            "targets", data => data.GetProperty("activeTargets").EnumerateArray().Any(target => target.GetProperty("health").GetString() == "up"), token);
        await host.Client.Generation.GenerateAsync(request, RunningHost.Token).ToListAsync(RunningHost.Token);
        await prometheus.WaitForAsync("query?query=medgen_job_duration_seconds_count", data => ValueOf(data) == "1", token);
        await prometheus.WaitForAsync("query?query=medgen:device_busy:share", data => ValueOf(data) is not null, token);
        await prometheus.WaitForAsync("rules", data =>
        {
            JsonElement[] rules = [.. data.GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];
            return rules.Length > 5 && rules.All(rule => rule.GetProperty("health").GetString() == "ok");
        }, token);
        await prometheus.WaitForAsync(
            "alerts", data => data.GetProperty("alerts").EnumerateArray().All(alert => alert.GetProperty("state").GetString() != "firing"), token);

        static string? ValueOf(JsonElement data) => data.GetProperty("result").EnumerateArray()
            .Select(series => series.GetProperty("value")[1].GetString()).FirstOrDefault();
    }

    private static TelemetryOptions To(Collector collector) =>
        new() { Port = 0, OtlpEndpoint = collector.Address, OtlpProtocol = OtlpProtocol.HttpProtobuf };

    private static HttpRequestMessage Json(string body) =>
        new(HttpMethod.Post, "/v1/videos:generate") { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static async Task<string> ScrapeAsync(RunningHost host)
    {
        using HttpClient operators = new() { BaseAddress = host.Endpoints.Operators };
        return await operators.GetStringAsync("/metrics", RunningHost.Token);
    }

    [GeneratedRegex(@"\b(medgen|dotnet)_[a-z_]+")]
    private static partial Regex MetricName();
}
