using MedGen.Media.Cutting;
using MedGen.Media.Provenance;
using MedGen.Media.Reading;
using MedGen.Media.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MedGen.Media;

/// <summary>Registration of the media room.</summary>
public static class MediaServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IVideoReader"/>, <see cref="IVideoWriter"/>, <see cref="IVideoCutter"/> and <see cref="IFrameHasher"/>; the options are
    /// validated when the host starts.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configure">Changes the defaults; null keeps them.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddMedGenMedia(this IServiceCollection services, Action<MediaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<MediaOptions>().Configure(configure ?? (_ => { })).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IVideoReader, FFmpegVideoReader>();
        services.TryAddSingleton<IVideoWriter, FFmpegVideoWriter>();
        services.TryAddSingleton<IVideoCutter, FFmpegVideoCutter>();
        services.TryAddSingleton<IFrameHasher, FFmpegFrameHasher>();
        return services;
    }
}
