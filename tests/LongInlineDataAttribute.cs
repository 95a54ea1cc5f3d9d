namespace MedGen.Tests;

/// <summary>A row of a theory for <c>./medgen test --long</c> alone, where other rows stand for it in the short level.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class LongInlineDataAttribute : InlineDataAttribute
{
    public LongInlineDataAttribute(params object?[] data)
        : base(data) =>
        Traits = ["Category", "Long"];
}
