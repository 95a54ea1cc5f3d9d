using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using MedGen.Application.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Host.Tests.Access;

/// <summary>Who may do what: every RPC and every route, for every role and every kind of credentials.</summary>
public sealed partial class RightsTests : IDisposable
{
    private const int Ok = 0;
    private const int PermissionDenied = 7;
    private const int Unauthenticated = 16;

    private static readonly string[] Open = ["/grpc.health.v1.Health/", "/grpc.reflection.v1.ServerReflection/", "/grpc.reflection.v1alpha.ServerReflection/", "/healthz", "/readyz", "/openapi/", "/scalar", "/v2/health/",
        "/inference.GRPCInferenceService/ServerLive", "/inference.GRPCInferenceService/ServerReady"];

    private readonly AccessFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Operations_OfThePolicy_AreTheRpcsOfTheContract()
    {
        IEnumerable<string> rpcs = typeof(Protos.V1.JobEvent).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!)
            .SelectMany(file => file.Services).SelectMany(service => service.Methods).Select(method => method.Name);

        AccessPolicy.Default.Operations.Select(operation => operation.Name).ShouldBe(rpcs, ignoreOrder: true);
    }

    [Fact]
    public void Table_OfTheDocumentation_IsThePolicy()
    {
        string[] rows =
        [
            .. AccessPolicy.Default.Operations.Select(operation => $"| `{operation.Name}` | "
                + string.Join(" | ", Enum.GetValues<Role>().Select(role => operation.Roles.Contains(role) ? "yes" : "–")) + " |"),
        ];

        File.ReadAllLines(RepositoryRoot.Path("docs", "security.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Count(c => c == '|') == 8)
            .ShouldBe(rows);
    }

    [Fact]
    public async Task Endpoints_ForEachRoleAndCredentials_AnswerAsThePolicySays()
    {
        Role[] roles = Enum.GetValues<Role>();
        object[] keys =
        [
            .. roles.Select(role => Tokens.Key(Name(role), [Text(role)])),
            .. roles.Select(role => Tokens.Key("expired-" + Name(role), [Text(role)], expires: DateTimeOffset.UnixEpoch)),
        ];
        string file = _files.Keys([.. keys, .. roles.Select(role => Tokens.Key("revoked-" + Name(role), [Text(role)]))]);
        await using RunningHost host = await RunningHost.StartAsync(
            options => options with { TokenFile = file, DicomWeb = true, Calls = new MedGenCalls { OpenAiVideos = true, Inference = true } });
        using HttpClient http = new();
        _files.Keys(keys);
        RouteEndpoint[] endpoints =
        [
            .. host.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null),
        ];
        endpoints.Select(endpoint => MedGen.Host.Access.OperationRequirement.OperationOf(endpoint)).Distinct()
            .ShouldBe(AccessPolicy.Default.Operations.Select(operation => operation.Name), ignoreOrder: true);

        List<string> wrong = [];
        foreach (RouteEndpoint endpoint in endpoints)
        {
            Operation operation = AccessPolicy.Default.Find(MedGen.Host.Access.OperationRequirement.OperationOf(endpoint)!)!;
            foreach (Role role in roles)
            {
                await ExpectAsync(null, Unauthenticated);
                await ExpectAsync("wrong-" + Name(role), Unauthenticated);
                await ExpectAsync(Tokens.Of("expired-" + Name(role)), Unauthenticated);
                await ExpectAsync(Tokens.Of("revoked-" + Name(role)), Unauthenticated);
                await ExpectAsync(Tokens.Of(Name(role)), operation.Roles.Contains(role) ? Ok : PermissionDenied);

                async Task ExpectAsync(string? token, int expected)
                {
                    int got = await CallAsync(host, http, endpoint, token);
                    if ((got is PermissionDenied or Unauthenticated ? got : Ok) != expected)
                    {
                        wrong.Add($"{endpoint.DisplayName} {role} {token}: {got}, expected {expected}");
                    }
                }
            }
        }

        wrong.ShouldBeEmpty();
        endpoints.Length.ShouldBeGreaterThan(45);

        static string Name(Role role) => $"the-{Text(role)}";
        static string Text(Role role) => role.ToString().ToLowerInvariant();
    }

    [Fact]
    public async Task Endpoints_ThatAskForNoCredentials_AreHealthAndReflectionOnly()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { Calls = new MedGenCalls { OpenAiVideos = true, Inference = true, GrpcWeb = true, OpenApiPage = true } });

        host.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(path => !Open.Any(open => path.StartsWith(open, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    // The status of gRPC, or what stands for it in HTTP.
    private static async Task<int> CallAsync(RunningHost host, HttpClient http, RouteEndpoint endpoint, string? token)
    {
        string path = Parameter().Replace(endpoint.RoutePattern.RawText!, "x");
        bool isGrpc = path.StartsWith("/medgen.v1.", StringComparison.Ordinal) || path.StartsWith("/inference.", StringComparison.Ordinal);
        HttpMethod method = HttpMethod.Parse(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]);
        using HttpRequestMessage request = new(method, new Uri(isGrpc ? host.Endpoints.Grpc : host.Endpoints.Http, path));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (isGrpc)
        {
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            request.Content = new ByteArrayContent(new byte[5]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }
        else
        {
            request.Content = method == HttpMethod.Get || method == HttpMethod.Delete ? null : new StringContent("{}", Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage response = await http.SendAsync(request, RunningHost.Token);
        await response.Content.ReadAsByteArrayAsync(RunningHost.Token);
        if (!isGrpc)
        {
            return response.StatusCode switch { HttpStatusCode.Unauthorized => Unauthenticated, HttpStatusCode.Forbidden => PermissionDenied, _ => Ok };
        }

        IEnumerable<string>? status = response.TrailingHeaders.TryGetValues("grpc-status", out IEnumerable<string>? trailer) ? trailer
            : response.Headers.TryGetValues("grpc-status", out IEnumerable<string>? header) ? header : null;
        return int.Parse(status.ShouldNotBeNull($"{path}: {response}").Single(), null);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
