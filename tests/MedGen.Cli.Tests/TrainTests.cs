using System.Diagnostics;
using System.Text.Json;

namespace MedGen.Cli.Tests;

public sealed class TrainTests : IDisposable
{
    private const string Recipe = """
        {
          "name": "tiny",
          "data": [ { "name": "phantoms", "type": "phantoms", "kinds": ["es-bronchoscopy"], "seeds": 3 } ],
          "autoencoder": { "dim": 4, "latent_channels": 4, "multipliers": [1, 1, 2, 2], "num_residual_blocks": 1 },
          "runs": [ { "kind": "autoencoder", "checkpoint_every": 3, "sample_every": 0,
            "stages": [ { "name": "stills", "steps": 30, "batch": 2, "width": 32, "height": 32, "mix": { "phantoms": 1 }, "crop": 16 } ] } ]
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact, Long]
    public async Task TrainRecipe_KilledAndResumed_HasTheLossesOfAnUninterruptedRunBitForBit()
    {
        string recipe = Path.Combine(_folder, "recipe.json");
        await File.WriteAllTextAsync(recipe, Recipe, TestContext.Current.CancellationToken);
        string[] whole = await TrainAsync("train", recipe, "--out", Path.Combine(_folder, "whole"), "--json");
        string killed = Path.Combine(_folder, "killed");

        await KillAfterStepAsync(8, "train", recipe, "--out", killed, "--cache", Path.Combine(_folder, "whole", "cache"), "--json");
        string[] resumed = await TrainAsync("train", recipe, "--out", killed, "--cache", Path.Combine(_folder, "whole", "cache"), "--resume", "--json");

        whole.Length.ShouldBe(30);
        resumed.Length.ShouldBeInRange(1, 24);
        resumed.ShouldBe(whole[^resumed.Length..]);
        File.ReadLines(Path.Combine(killed, "autoencoder.log.jsonl")).Select(Loss).OfType<string>().ShouldBe(whole);
        foreach (string file in new[] { "Wan2.1_VAE.safetensors", "vae_config.json" })
        {
            File.ReadAllBytes(Path.Combine(killed, "model", file)).ShouldBe(File.ReadAllBytes(Path.Combine(_folder, "whole", "model", file)));
        }
    }

    [Theory]
    [InlineData("recipe", "train")]
    [InlineData("--out", "train", "recipe.json")]
    [InlineData("nowhere.json", "train", "nowhere.json", "--out", "out")]
    public async Task Train_WithoutWhatItNeeds_NamesIt(string named, params string[] arguments)
    {
        string recipe = Path.Combine(_folder, "recipe.json");
        await File.WriteAllTextAsync(recipe, Recipe, TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await MedGenCommand.RunAsync(arguments.Select(argument => argument == "recipe.json" ? recipe : argument));

        exitCode.ShouldBe(3);
        output.ShouldBeEmpty();
        error.ShouldContain(named);
    }

    private static async Task<string[]> TrainAsync(params string[] arguments)
    {
        (int exitCode, string output, string error) = await MedGenCommand.RunAsync(arguments);
        exitCode.ShouldBe(0, error);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Loss).OfType<string>()];
    }

    private static async Task KillAfterStepAsync(int step, params string[] arguments)
    {
        using Process process = MedGenCommand.Start(arguments);
        int steps = 0;
        while (steps < step && await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            steps += Loss(line) is null ? 0 : 1;
        }

        process.Kill(); // SIGKILL: nothing can be tidied up
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(128 + 9);
    }

    // Every digit of a training step's loss; null for other lines.
    private static string? Loss(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("event").GetString() == "train" ? json.RootElement.GetProperty("loss").GetRawText() : null;
    }
}
