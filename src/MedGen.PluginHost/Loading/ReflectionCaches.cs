using System.Reflection;
using System.Reflection.Metadata;
using System.Text.Json;

namespace MedGen.PluginHost.Loading;

/// <summary>
/// What System.Text.Json remembers of types: a plugin that reads or writes JSON by the serializer's shared options would otherwise stay in memory
/// after its unload, held by a cache that it cannot reach.
/// </summary>
internal static class ReflectionCaches
{
    // The contract of metadata update handlers: a static ClearCache(Type[]?), which hot reload calls.
    private static readonly Action<Type[]?>[] Handlers =
    [
        .. from attribute in typeof(JsonSerializer).Assembly.GetCustomAttributes<MetadataUpdateHandlerAttribute>()
           let clear = attribute.HandlerType.GetMethod(
               "ClearCache", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(Type[])])
           where clear is not null
           select clear.CreateDelegate<Action<Type[]?>>(),
    ];

    /// <summary>Forgets all types; they are looked at anew when they are next used.</summary>
    public static void Clear()
    {
        foreach (Action<Type[]?> clear in Handlers)
        {
            clear(null);
        }
    }
}
