using MedGen.Media;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Cli.Connections;

/// <summary>Reading and writing of videos for commands that need no host.</summary>
internal static class MediaServices
{
    /// <summary>Services with <see cref="IVideoReader"/> and <see cref="IVideoWriter"/>; the caller disposes them.</summary>
    public static ServiceProvider Create() =>
        new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddMedGenMedia().BuildServiceProvider();
}
