using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace MedGen.Tests;

/// <summary>A row of a theory for <c>./medgen test --long</c> alone, where other rows stand for it in the short level.</summary>
/// <param name="data">The row.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class LongInlineDataAttribute(params object?[] data) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        TheoryDataRow row = new(data);
        foreach ((string key, string value) in new LongAttribute().GetTraits())
        {
            row.Traits.Add(key, [value]);
        }

        return new([row]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
