using System.Security.Cryptography;
using MedGen.Sdk.Frames;
using MedGen.Datasets.Clips;
using MedGen.Media;

namespace MedGen.Training.Clips;

/// <summary>A video or still in a file.</summary>
internal sealed record FileTrainingClip(IVideoReader Reader, string Path) : TrainingClip
{
    public override async Task<string> ReadKeyAsync(CancellationToken cancellationToken) =>
        $"file {await HashAsync(cancellationToken).ConfigureAwait(false)}";

    /// <summary>SHA-256 of the file, lower-case hex.</summary>
    public async Task<string> HashAsync(CancellationToken cancellationToken)
    {
        FileStream file = File.OpenRead(Path);
        await using (file.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
        }
    }

    public override Task<byte[]?> ReadAsync(ClipShape shape, CancellationToken cancellationToken) =>
        ClipDecoding.ReadAsync(Reader, Path, shape, cancellationToken);
}
