using System.Runtime.CompilerServices;
using System.Text;

namespace MedGen.Media.Writing;

/// <summary>ffmpeg's GIF muxer drops metadata, so the note goes into a comment extension (GIF89a, section 24) before the trailer.</summary>
internal static class GifComment
{
    private const byte ExtensionIntroducer = 0x21;
    private const byte CommentLabel = 0xFE;
    private const byte Trailer = 0x3B;

    public static async Task AppendAsync(string path, string note, CancellationToken cancellationToken)
    {
        byte[] text = Encoding.ASCII.GetBytes(note);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, byte.MaxValue, nameof(note));
        byte[] extension = [ExtensionIntroducer, CommentLabel, (byte)text.Length, .. text, 0, Trailer];
        FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        await using ConfiguredAsyncDisposable fileDisposal = file.ConfigureAwait(false);
        file.Seek(-1, SeekOrigin.End);
        if (file.ReadByte() != Trailer)
        {
            throw new InvalidDataException("The GIF does not end with its trailer.");
        }

        file.Seek(-1, SeekOrigin.End);
        await file.WriteAsync(extension, cancellationToken).ConfigureAwait(false);
    }
}
