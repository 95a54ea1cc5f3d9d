using System.Globalization;
using MedGen.Media.Reading;

namespace MedGen.Media.Writing;

/// <summary>ffmpeg's arguments for one output.</summary>
internal sealed record EncodePlan(string Path, int Width, int Height, Rational Rate, VideoEncoding Encoding)
{
    // Beyond this, x264's threads cost memory and quality and bring no speed.
    private const int MaxThreads = 16;

    public IEnumerable<string> Arguments()
    {
        string note = SyntheticNote.For(Encoding.ProvenanceId);
        return
        [
            "-hide_banner", "-loglevel", "error", "-y", "-protocol_whitelist", "file,pipe",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", $"{Width}x{Height}", "-framerate", Rate.ToString(), "-i", "pipe:0",
            "-threads", Math.Min(Environment.ProcessorCount, MaxThreads).ToString(CultureInfo.InvariantCulture),
            .. Encoding.Format switch
            {
                VideoFormat.H264 => Mp4(H264()),
                VideoFormat.LosslessH264 => Mp4(["-c:v", "libx264rgb", "-qp", "0"]),
                VideoFormat.Gif => Gif,
                _ => throw new ArgumentOutOfRangeException(nameof(Encoding), Encoding.Format, "No such format for the encoder."),
            },
            "-metadata", $"comment={note}", "-metadata", $"description={note}", "file:" + Path,
        ];
    }

    // A palette per frame: one for the whole film would need the whole film in memory first.
    private static string[] Gif =>
        ["-filter_complex", "split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1", "-loop", "0", "-f", "gif"];

    private string[] H264() =>
    [
        "-c:v", "libx264", "-crf", Encoding.ConstantRateFactor.ToString(CultureInfo.InvariantCulture),
        "-pix_fmt", Width % 2 == 0 && Height % 2 == 0 ? "yuv420p" : "yuv444p",
        // Converted and labelled as BT.709, so that every player shows the colours that went in.
        "-vf", "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+full_chroma_int",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
    ];

    private static string[] Mp4(string[] codec) => [.. codec, "-movflags", "+faststart", "-f", "mp4"];
}
