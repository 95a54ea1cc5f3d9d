using MedGen.PluginHost.Loading;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Parameters;
using MedGen.Sdk.Plugins;

namespace MedGen.PluginHost.Tests;

/// <summary>What a plugin says of itself must be usable before it serves.</summary>
public sealed class DescriptionTests
{
    [Theory]
    [InlineData("""{"type":"object"}""", null)]
    [InlineData(ParameterSchema.None, null)]
    [InlineData("""{"type":"array"}""", "methods[0].options_schema: is no schema of an object; allowed: a JSON Schema of type object.")]
    [InlineData("{", "methods[0].options_schema: is no JSON Schema")]
    public void Checked_OfAnAugmentersSchemaOfOptions_RefusesWhatIsNone(string schema, string? why)
    {
        PluginCapability capability = new() { Kind = CapabilityKinds.Augmentation };
        Func<object> check = () => PluginServices.Checked(capability, new Augmenter(schema));

        if (why is null)
        {
            check().ShouldBeOfType<Augmenter>();
        }
        else
        {
            Should.Throw<PluginLoadException>(() => check()).Message.ShouldContain(why);
        }
    }

    private sealed class Augmenter(string schema) : IDatasetAugmenter
    {
        public AugmenterDescription Describe() => new()
        {
            Summary = "Any.",
            Methods = [new() { Name = "any", Description = "Any.", Origin = ClipOrigin.Altered, OptionsSchema = schema }],
        };

        public Task ValidateAsync(AugmentationMethod method, CancellationToken cancellationToken) => Task.CompletedTask;

        public IAsyncEnumerable<AugmentationUpdate> AugmentAsync(AugmentationRequest request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
