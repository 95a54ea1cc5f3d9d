using MedGen.Host.Configuration;

namespace MedGen.Host;

/// <summary>Calls beside the contract's own, for clients that know others; each is off unless it is asked for (docs/clients.md).</summary>
public sealed record MedGenCalls
{
    /// <summary>Whether the HTTP port serves OpenAI's calls for videos below <c>/v1/videos</c>. Default false.</summary>
    [Setting("calls.openai_videos")]
    public bool OpenAiVideos { get; init; }

    /// <summary>
    /// Whether analyzers are served as models of KServe's Open Inference Protocol (v2): over gRPC, and below <c>/v2</c> of the HTTP port. Default
    /// false.
    /// </summary>
    [Setting("calls.inference")]
    public bool Inference { get; init; }

    /// <summary>Whether both ports take gRPC-Web, which browsers can speak; gRPC's services are the same. Default false.</summary>
    [Setting("calls.grpc_web")]
    public bool GrpcWeb { get; init; }

    /// <summary>
    /// Origins whose pages may make calls of gRPC-Web, for instance <c>https://viewer.clinic.example</c>. Default: none but the host's own.
    /// </summary>
    [Setting("calls.grpc_web_origins")]
    public IReadOnlyList<string> GrpcWebOrigins { get; init; } = [];

    /// <summary>Whether the HTTP port serves an OpenAPI document of its calls, <c>/openapi/v1.json</c>. Default false.</summary>
    [Setting("calls.openapi")]
    public bool OpenApi { get; init; }

    /// <summary>
    /// Whether the HTTP port serves a page, <c>/scalar</c>, on which developers read the OpenAPI document and try its calls; the document comes with
    /// it. Default false.
    /// </summary>
    [Setting("calls.openapi_page")]
    public bool OpenApiPage { get; init; }

    /// <summary>Whether the document is served, by itself or for its page.</summary>
    internal bool ServesDocument => OpenApi || OpenApiPage;
}
