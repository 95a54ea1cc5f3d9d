using System.Diagnostics.CodeAnalysis;

namespace MedGen.Tests;

/// <summary>Where a test would be skipped, for what is not installed, a benchmark ends with the reason.</summary>
internal static class Assert
{
    public static void SkipUnless([DoesNotReturnIf(false)] bool condition, string reason)
    {
        if (!condition)
        {
            throw new InvalidOperationException(reason);
        }
    }
}
