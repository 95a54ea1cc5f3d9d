using MedGen.Sdk.Frames;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Files;
using MedGen.Media;

namespace MedGen.Training.Clips;

/// <summary>A video or still in a file.</summary>
internal sealed record FileTrainingClip(IVideoReader Reader, string Path) : TrainingClip
{
    public override async Task<string> ReadKeyAsync(CancellationToken cancellationToken) =>
        $"file {await HashAsync(cancellationToken).ConfigureAwait(false)}";

    /// <summary>SHA-256 of the file, lower-case hex.</summary>
    public Task<string> HashAsync(CancellationToken cancellationToken) => FileHash.OfAsync(Path, cancellationToken);

    public override Task<byte[]?> ReadAsync(ClipShape shape, CancellationToken cancellationToken) =>
        ClipDecoding.ReadAsync(Reader, Path, shape, cancellationToken);
}
