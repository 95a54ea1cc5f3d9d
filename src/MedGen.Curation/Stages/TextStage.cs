using MedGen.Curation.Clips;
using MedGen.Curation.Specifications;
using MedGen.Sdk.Frames;

namespace MedGen.Curation.Stages;

/// <summary>
/// Drops clips with subtitles, slides and other text: words over all frames that are looked at, so that a subtitle that stays counts.
/// </summary>
internal sealed class TextStage(TextSpec spec) : ICurationStage
{
    private readonly TextReader _reader = new(spec);

    public string Name => "text in the picture";

    public string? LeftOut => TextReader.Program is null ? "tesseract is not installed (apt-get install tesseract-ocr)" : null;

    public async Task<IReadOnlyList<CuratedClip>> RunAsync(ClipSource source, CuratedClip clip, CancellationToken cancellationToken)
    {
        IReadOnlyList<VideoFrame> frames = await source.FramesAsync(clip, cancellationToken).ConfigureAwait(false);
        int looked = Math.Min(spec.Frames, frames.Count);
        int words = 0;
        for (int i = 0; i < looked; i++)
        {
            words += await _reader.CountWordsAsync(frames[((2 * i) + 1) * frames.Count / (2 * looked)], cancellationToken).ConfigureAwait(false);
        }

        CuratedClip judged = clip.With("words", words);
        return [words > spec.MaxWords ? judged.Reject(Name, $"{words} words in {looked} frames; at most {spec.MaxWords}") : judged];
    }
}
