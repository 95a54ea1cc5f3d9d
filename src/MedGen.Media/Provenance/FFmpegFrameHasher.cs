using System.Runtime.CompilerServices;
using MedGen.Media.Processes;
using MedGen.Media.Reading;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Media.Provenance;

internal sealed class FFmpegFrameHasher(IOptions<MediaOptions> options, TimeProvider time, ILogger<FFmpegFrameHasher>? logger = null) : IFrameHasher
{
    private const string Prefix = "SHA256=";
    private const int HashDigits = 64;

    public async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        string name = Path.GetFileName(path);
        if (!File.Exists(path))
        {
            throw new MediaException(name, $"{name} does not exist.");
        }

        // No conversion: the decoder's frames are the same bits everywhere, those of a scaler need not be.
        MediaProcess decoder = MediaProcess.StartDecoder(
            [
                "-hide_banner", "-loglevel", "error", "-xerror", .. InputArguments.For(Path.GetFullPath(path)),
                "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "hash", "-hash", "sha256", "pipe:1",
            ],
            Path.GetFullPath(path), options.Value, time, logger ?? NullLogger<FFmpegFrameHasher>.Instance);
        await using ConfiguredAsyncDisposable decoderDisposal = decoder.ConfigureAwait(false);
        using StreamReader output = new(decoder.Output);
        Task<string> log = decoder.Log.ReadToEndAsync(cancellationToken);
        string text = (await output.ReadToEndAsync(cancellationToken).ConfigureAwait(false)).Trim();
        int exit = await decoder.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        await log.ConfigureAwait(false);
        return exit == 0 && text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == Prefix.Length + HashDigits
            ? text[Prefix.Length..]
            : throw new MediaException(name, $"{name} cannot be decoded whole.");
    }
}
