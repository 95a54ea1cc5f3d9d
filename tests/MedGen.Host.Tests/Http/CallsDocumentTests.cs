using System.Net;
using System.Text.Json;
using MedGen.Host.Access;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Host.Tests.Http;

/// <summary>The OpenAPI document of a host.</summary>
public class CallsDocumentTests
{
    [Fact]
    public async Task Document_OfAHost_HasEveryCallOfTheHttpPort()
    {
        await using RunningHost host = await RunningHost.StartAsync(
            options => options with { DicomWeb = true, Calls = new MedGenCalls { OpenApi = true, OpenAiVideos = true, Inference = true } });

        using JsonDocument document = JsonDocument.Parse(await host.Http.GetStringAsync("/openapi/v1.json", RunningHost.Token));

        JsonElement paths = document.RootElement.GetProperty("paths");
        string[] said = [.. paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(SummaryOf)];
        RouteEndpoint[] transcoded =
        [
            .. host.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null),
        ];
        transcoded.Length.ShouldBeGreaterThan(25);
        transcoded.Select(endpoint => OperationRequirement.OperationOf(endpoint)!).Except(said).ShouldBeEmpty();
        foreach (string path in new[] { "/v1/jobs/{job_id}:cancel", "/v1/artifacts/{id}/content", "/v1/videos/{id}/content", "/v2/models/{model}/infer" })
        {
            paths.TryGetProperty(path, out _).ShouldBeTrue(path);
        }

        EveryReferenceIn(document.RootElement, document.RootElement);
    }

    [Fact]
    public async Task Document_OfACall_SaysItsFieldsAsJsonSpellsThem()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { Calls = new MedGenCalls { OpenApi = true } });

        using JsonDocument document = JsonDocument.Parse(await host.Http.GetStringAsync("/openapi/v1.json", RunningHost.Token));

        JsonElement paths = document.RootElement.GetProperty("paths");
        JsonElement schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        JsonElement request = schemas.GetProperty("medgen.v1.GenerateVideoRequest").GetProperty("properties");
        request.GetProperty("numFrames").GetProperty("type").GetString().ShouldBe("integer");
        request.GetProperty("wan").GetProperty("$ref").GetString().ShouldBe("#/components/schemas/medgen.v1.WanOptions");
        JsonElement watch = paths.GetProperty("/v1/jobs/{job_id}/events").GetProperty("get");
        watch.GetProperty("parameters").EnumerateArray().Select(one => (one.GetProperty("name").GetString(), one.GetProperty("in").GetString()))
            .ShouldBe([("job_id", "path"), ("afterEvent", "query"), ("cancelOnDisconnect", "query")]);
        watch.GetProperty("description").GetString().ShouldBe("A stream: one JSON object a line.");
        schemas.GetProperty("medgen.v1.Job").GetProperty("properties").GetProperty("createdAt").GetProperty("format").GetString().ShouldBe("date-time");
        (await host.Http.GetAsync("/v1/jobs?afterEvent=1", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Document_OfAHostThatWasNotAskedForIt_IsNotThere()
    {
        await using RunningHost host = await RunningHost.StartAsync();

        (await host.Http.GetAsync("/openapi/v1.json", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.GetAsync("/scalar/", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    // Health has none: it is no operation of the table of rights.
    private static string SummaryOf(JsonProperty operation) => operation.Value.TryGetProperty("summary", out JsonElement summary) ? summary.GetString()! : "";

    private static void EveryReferenceIn(JsonElement element, JsonElement root)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement one in element.EnumerateArray())
            {
                EveryReferenceIn(one, root);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (property.Name == "$ref")
                {
                    JsonElement at = root;
                    foreach (string step in property.Value.GetString()!.Split('/').Skip(1))
                    {
                        at.TryGetProperty(step, out at).ShouldBeTrue(property.Value.GetString());
                    }
                }
                else
                {
                    EveryReferenceIn(property.Value, root);
                }
            }
        }
    }
}
