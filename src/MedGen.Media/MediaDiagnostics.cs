using System.Diagnostics.Metrics;

namespace MedGen.Media;

/// <summary>Metrics of decoding; subscribe to them by <see cref="Name"/>.</summary>
public static class MediaDiagnostics
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "MedGen.Media";

    private static readonly Meter Meter = new(Name);

    /// <summary>Frames that were decoded.</summary>
    internal static Counter<long> DecodedFrames { get; } = Meter.CreateCounter<long>("medgen.decode.frames", "{frame}", "Frames that were decoded.");

    /// <summary>Decoded streams, by <c>outcome</c> (<c>ok</c>, <c>failed</c>, <c>cancelled</c>).</summary>
    internal static Counter<long> DecodedStreams { get; } =
        Meter.CreateCounter<long>("medgen.decode.streams", "{stream}", "Streams that were decoded, by outcome.");

    /// <summary>Memory that is set aside for decoding now.</summary>
    internal static UpDownCounter<long> DecodeMemory { get; } =
        Meter.CreateUpDownCounter<long>("medgen.decode.memory", "By", "Memory that is set aside for decoding now.");
}
