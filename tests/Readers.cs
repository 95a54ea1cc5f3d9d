using MedGen.Media;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGen.Tests;

internal static class Readers
{
    public static IVideoReader Create() => new ServiceCollection()
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddMedGenMedia()
        .BuildServiceProvider()
        .GetRequiredService<IVideoReader>();
}
