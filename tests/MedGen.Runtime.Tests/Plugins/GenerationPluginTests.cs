using MedGen.Abstractions.Errors;
using MedGen.Abstractions.Generation;
using MedGen.Abstractions.Plugins;
using MedGen.Plugins.Generation;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Runtime.Tests.Plugins;

public class GenerationPluginTests
{
    [Fact]
    public async Task GenerateAsync_OfThePluginsGenerator_GoesToTheSharedModel()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMedGenRuntime(_ => { });
        var manifest = new PluginManifest
        {
            Id = "medgen.generation", Version = "0.1.0", Name = "Generation", Publisher = "MedGen", Sdk = "[0.1,0.2)", EntryAssembly = "x.dll", Capabilities = [],
        };
        new GenerationPlugin().ConfigureServices(services, new PluginContext { Manifest = manifest, Directory = AppContext.BaseDirectory });
        await using ServiceProvider provider = services.BuildServiceProvider();

        IAsyncEnumerable<GenerationUpdate> updates = provider.GetRequiredService<IVideoGenerator>()
            .GenerateAsync(new VideoGenerationRequest { Prompt = "A scan.", Seed = 1 }, TestContext.Current.CancellationToken);

        // Without a model the shared model's own answer comes through.
        (await Should.ThrowAsync<FailedPreconditionException>(async () => await updates.GetAsyncEnumerator(TestContext.Current.CancellationToken).MoveNextAsync()))
            .Reason.ShouldBe("MODEL_NOT_LOADED");
    }
}
