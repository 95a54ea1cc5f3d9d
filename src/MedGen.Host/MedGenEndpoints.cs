namespace MedGen.Host;

/// <summary>Where a started host listens.</summary>
public sealed record MedGenEndpoints
{
    /// <summary>gRPC (HTTP/2 only), for instance <c>http://127.0.0.1:8470</c>.</summary>
    public required Uri Grpc { get; init; }

    /// <summary>Plain HTTP: JSON transcoding, artifact bodies, health.</summary>
    public required Uri Http { get; init; }

    /// <summary>The operators' listener, with metrics and health; null: none was asked for.</summary>
    public Uri? Operators { get; init; }
}
