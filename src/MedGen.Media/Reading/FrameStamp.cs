namespace MedGen.Media.Reading;

/// <summary>Which source frame the next picture in the pipe is.</summary>
internal readonly record struct FrameStamp(long Index, TimeSpan Timestamp);
