using System.Globalization;
using MedGen.Curation.Clips;
using MedGen.Curation.Specifications;
using MedGen.Media.Cutting;
using MedGen.Sdk.Errors;

namespace MedGen.Curation.Stages;

/// <summary>
/// Cuts a clip out of its film: without loss from the first keyframe on where that costs little, else encoded anew. The manifest says which.
/// </summary>
internal sealed class CutStage(IVideoCutter cutter, CutSpec spec, CoherenceSpec lengths, BorderAction borders) : ICurationStage
{
    /// <summary>Folder of the clips in the output.</summary>
    public const string ClipsFolder = "clips";

    // A copy ends by the order in which packets are stored, which may be a few frames past that in which they are shown.
    private const double Reordered = 0.15;

    private string? _keyframesOf;
    private IReadOnlyList<TimeSpan> _keyframes = [];

    public string Name => "cut";

    public string? LeftOut => null;

    public async Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken)
    {
        PictureCrop? crop = borders == BorderAction.Crop ? clip.Crop : null;
        double? key = await FindKeyframeAsync(source, clip, crop, cancellationToken).ConfigureAwait(false);
        if (key is null && spec.Mode == CutMode.Copy)
        {
            return [clip.Reject(Name,
                $"cannot be copied: no keyframe early enough for {lengths.MinSeconds:0.0} s, a crop, a rotation, or codec {source.Video.Codec}")];
        }

        CuratedClip cut = clip with { Start = key ?? clip.Start, End = key is null ? clip.End : clip.End - Reordered };
        cut = cut with
        {
            File = $"{ClipsFolder}/{source.Video.Id}-{Milliseconds(cut.Start)}-{Milliseconds(cut.End)}.mp4",
            Cut = key is null ? "encode" : "copy", IsCropped = crop is not null,
        };
        string target = source.PathOf(cut);
        if (!File.Exists(target))
        {
            // One that is there is whole: it was cut before the run was interrupted.
            VideoCut order = new()
            {
                Start = TimeSpan.FromSeconds(cut.Start), End = TimeSpan.FromSeconds(cut.End), Encode = key is null, Crop = crop,
            };
            try
            {
                await cutter.CutAsync(source.Path, target, order, cancellationToken).ConfigureAwait(false);
            }
            catch (MediaException exception)
            {
                return [clip.Reject(Name, $"{exception.Message}")];
            }
        }

        return [cut];
    }

    private async Task<double?> FindKeyframeAsync(ClipSource source, CuratedClip clip, PictureCrop? crop, CancellationToken cancellationToken)
    {
        if (spec.Mode == CutMode.Encode || crop is not null || source.Video.IsRotated || !VideoCut.CopyableCodecs.Contains(source.Video.Codec))
        {
            return null;
        }

        if (_keyframesOf != source.Path)
        {
            _keyframes = await cutter.ReadKeyframesAsync(source.Path, cancellationToken).ConfigureAwait(false);
            _keyframesOf = source.Path;
        }

        const double Rounding = 1e-3;
        double? key = _keyframes.Select(time => (double?)time.TotalSeconds).FirstOrDefault(time => time >= clip.Start - Rounding);
        double loss = spec.Mode == CutMode.Copy ? double.PositiveInfinity : spec.MaxLoss;
        return key is { } found && found - clip.Start <= loss && clip.End - Reordered - found >= lengths.MinSeconds
            ? found
            : null;
    }

    private static string Milliseconds(double seconds) => ((long)Math.Round(seconds * 1000)).ToString("0000000", CultureInfo.InvariantCulture);
}
