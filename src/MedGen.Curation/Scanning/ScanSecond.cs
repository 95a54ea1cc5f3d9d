using MedGen.Curation.Networks;

namespace MedGen.Curation.Scanning;

/// <summary>What one second of the scan says.</summary>
/// <param name="Time">Time of its first frame in s.</param>
/// <param name="Similarity">Of its features with those of the second before, -1 to 1; 1 for the first.</param>
/// <param name="Motion">Mean absolute difference of neighbouring frames, in grey levels.</param>
/// <param name="Flicker">Mean absolute second difference of the frames' mean brightness, in grey levels.</param>
/// <param name="Answer">What the frame network says of its first frame; null: there is no network, or nothing is to be seen.</param>
internal sealed record ScanSecond(double Time, double Similarity, double Motion, double Flicker, FrameAnswer? Answer);
