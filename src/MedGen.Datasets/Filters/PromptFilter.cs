namespace MedGen.Datasets.Filters;

/// <summary>A cap on the clips of one prompt, so that a prompt that always passes does not make up the set.</summary>
internal sealed class PromptFilter(int? most) : IClipFilter
{
    private readonly Dictionary<string, int> _kept = new(StringComparer.Ordinal);

    public string Name => "prompt-cap";

    public string? Judge(CandidateClip clip, IDictionary<string, double> scores) =>
        clip.Prompt is { } prompt && _kept.GetValueOrDefault(prompt) >= most
        ? $"{most} clips of this prompt are kept already"
        : null;

    public void Keep(string? prompt, float[] descriptor)
    {
        if (prompt is not null)
        {
            _kept[prompt] = _kept.GetValueOrDefault(prompt) + 1;
        }
    }
}
