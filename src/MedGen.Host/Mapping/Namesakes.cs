using System.Collections.Frozen;

namespace MedGen.Host.Mapping;

/// <summary>
/// Enumerations that have the same members on both sides of the mapping, by their names. All members are looked up at the first use, so one that
/// lacks its namesake cannot hide until its value occurs.
/// </summary>
internal static class Namesakes<TFrom, TTo>
    where TFrom : struct, Enum
    where TTo : struct, Enum
{
    private static readonly FrozenDictionary<TFrom, TTo> ByValue =
        Enum.GetValues<TFrom>().ToFrozenDictionary(value => value, value => Enum.Parse<TTo>(value.ToString()));

    public static TTo Of(TFrom value) => ByValue[value];
}
