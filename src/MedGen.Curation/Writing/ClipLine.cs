using System.Globalization;
using MedGen.Curation.Clips;
using MedGen.Curation.Networks;
using MedGen.Curation.Stages;
using MedGen.Curation.Videos;

namespace MedGen.Curation.Writing;

/// <summary>A line of <c>metadata.jsonl</c>: what VideoFolder and the trainers read, and MedVideoCap's fields.</summary>
internal static class ClipLine
{
    /// <summary>The fields that are known, in order.</summary>
    public static Dictionary<string, object> Of(SourceVideo video, CuratedClip clip, string split, long bytes)
    {
        ClipCaption caption = clip.Caption!;
        Dictionary<string, object> line = new()
        {
            ["file_name"] = clip.File!,
            ["caption"] = caption.Detailed,
            ["split"] = split,
            ["patient_id"] = video.Column("patient_id") ?? $"film-{video.Sha256[..16]}",
            ["video_name"] = Path.GetFileName(clip.File!),
            ["resolution"] = Resolution(video, clip),
            ["bitrate"] = (long)Math.Round(8 * bytes / clip.Seconds),
            ["duration"] = Math.Round(clip.Seconds, 3),
            ["fps"] = video.FrameRate,
            ["brief_caption"] = caption.Brief,
            ["detailed_caption"] = caption.Detailed,
            ["captioner"] = caption.Captioner,
            ["source"] = video.FileName,
            ["source_start"] = Math.Round(clip.Start, 3),
            ["source_end"] = Math.Round(clip.End, 3),
            ["cut"] = clip.Cut!,
        };
        Add("category", clip.Category);
        Add("label", clip.Modality == IFrameNetwork.Unknown ? null : clip.Modality);
        Add("licence", video.Column("licence"));
        Add("attribution", video.Column("attribution"));
        Add("flags", clip.Flags.Count == 0 ? null : string.Join('|', clip.Flags));
        Add("camera_motion", video.Column("camera_motion") ?? clip.CameraMotion);
        foreach (string name in ScorerStage.Stated)
        {
            // A score of the whole film holds for its clips where no network has scored them.
            if (clip.Scores.TryGetValue(name, out double score))
            {
                line[name] = Math.Round(score, 4);
            }
            else if (double.TryParse(video.Column(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double stated))
            {
                line[name] = stated;
            }
        }

        return line;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                line[name] = value;
            }
        }
    }

    private static string Resolution(SourceVideo video, CuratedClip clip)
    {
        bool isCropped = clip is { IsCropped: true, Crop: not null };
        (int width, int height) = isCropped ? (clip.Crop!.Width, clip.Crop.Height) : (video.Width, video.Height);
        return string.Create(CultureInfo.InvariantCulture, $"{width}x{height}");
    }
}
