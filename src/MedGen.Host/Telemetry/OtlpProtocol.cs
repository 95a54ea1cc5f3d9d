namespace MedGen.Host.Telemetry;

/// <summary>How traces and metrics travel to a collector.</summary>
public enum OtlpProtocol
{
    /// <summary>OTLP over gRPC, usually port 4317.</summary>
    Grpc,

    /// <summary>OTLP over HTTP in protobuf, usually port 4318.</summary>
    HttpProtobuf,
}
