using MedGen.Sdk.Frames;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MedGen.Media.Reading;

internal sealed class FFmpegVideoReader(IOptions<MediaOptions> options, TimeProvider time, ILogger<FFmpegVideoReader>? logger = null) : IVideoReader
{
    private readonly ILogger _logger = logger ?? NullLogger<FFmpegVideoReader>.Instance;
    private readonly DecodeBudget _budget = new(options.Value.DecodeMemory(), options.Value.StallTimeout, time);

    public async Task<IVideoClip> OpenAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        VideoProbe probe = new(options.Value, time, _logger);
        SourceStream source = await probe.ReadAsync(Path.GetFullPath(path), cancellationToken).ConfigureAwait(false);
        return new FFmpegVideoClip(source, options.Value, _budget, time, _logger);
    }
}
