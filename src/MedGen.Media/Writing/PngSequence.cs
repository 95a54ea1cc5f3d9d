using System.Globalization;
using MedGen.Sdk.Frames;
using MedGen.Media.Images;

namespace MedGen.Media.Writing;

internal static class PngSequence
{
    public static async Task<long> WriteAsync(string folder, FrameFeed feed, string provenanceId, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        long count = 0;
        while (await feed.NextAsync().ConfigureAwait(false) is VideoFrame frame)
        {
            byte[] picture = await FrameImage.EncodePngAsync(frame, provenanceId, cancellationToken).ConfigureAwait(false);
            string name = count.ToString("D6", CultureInfo.InvariantCulture) + ".png";
            await File.WriteAllBytesAsync(Path.Combine(folder, name), picture, cancellationToken).ConfigureAwait(false);
            count++;
        }

        return count;
    }
}
