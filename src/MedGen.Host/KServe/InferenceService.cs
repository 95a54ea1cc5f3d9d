using Grpc.Core;
using Inference;
using MedGen.Application.Access;
using MedGen.Host.Health;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGen.Host.KServe;

/// <summary>The protocol over gRPC.</summary>
internal sealed class InferenceService(InferenceCalls calls, Readiness readiness) : GRPCInferenceService.GRPCInferenceServiceBase
{
    [AllowAnonymous]
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    [AllowAnonymous]
    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = readiness.Status != HealthStatus.Unhealthy });

    [Operation("ListPlugins")]
    public override async Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) =>
        new() { Ready = await calls.IsReadyAsync(request.Name, request.Version, context.CancellationToken).ConfigureAwait(false) };

    [Operation("ListPlugins")]
    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(InferenceCalls.Server);

    [Operation("DescribePlugin")]
    public override async Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context) =>
        (await calls.DescribeAsync(request.Name, request.Version, context.CancellationToken).ConfigureAwait(false)).ToProto();

    [Operation("AnalyzeVideo")]
    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context) =>
        calls.InferAsync(request, context.CancellationToken);
}
