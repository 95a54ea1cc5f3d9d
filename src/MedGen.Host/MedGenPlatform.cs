using MedGen.Application.Access;
using MedGen.Media;

namespace MedGen.Host;

/// <summary>The rooms behind the door, in the order of their start; they stop the other way round.</summary>
internal static class MedGenPlatform
{
    public static void AddMedGenPlatform(this IServiceCollection services, MedGenHostOptions options)
    {
        services.AddLogging();
        services.AddMedGenMedia();
        services.AddScoped<CallerContext>();
    }
}
