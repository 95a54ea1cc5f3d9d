using Xunit.v3;

namespace MedGen.Tests;

/// <summary>A test for <c>./medgen test --long</c> alone: many kills, whole trainings, full-size models.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class LongAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Category", "Long")];
}
