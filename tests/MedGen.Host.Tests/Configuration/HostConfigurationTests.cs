using MedGen.Application;
using MedGen.Host.Configuration;
using MedGen.Media;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MedGen.Host.Tests.Configuration;

public sealed class HostConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_OfAllSources_TakesTheNearestAndSaysWhich()
    {
        string file = Write(
            """
            {
              // one department
              "data_folder": "/from/file",
              "listen": { "grpc_port": 1, "http_port": 2 },
              "jobs": { "job_retention": "7d", "max_generated_frames": 300, "dataset_folders": ["/a", "/b"] },
              "media": { "sandbox": "required", "max_pixels": 1000 },
              "runtime": { "model_folder": null },
              "logging": { "format": "json", "levels": { "MedGen.Runtime": "debug" } }
            }
            """);

        HostConfiguration configuration = Load(
            file,
            environment: new() { ["MEDGEN_SERVE_LISTEN__GRPC_PORT"] = "3", ["MEDGEN_SERVE_LISTEN__HTTP_PORT"] = "4", ["PATH"] = "/bin" },
            commandLine: new() { ["listen.http_port"] = ["5"], ["jobs.dataset_folders"] = ["/c"] });

        MedGenHostOptions options = configuration.Options;
        (options.DataFolder, options.GrpcPort, options.HttpPort, options.ModelFolder).ShouldBe(("/from/file", 3, 5, null));
        (options.JobRetention, options.Logging.Levels["MedGen.Runtime"]).ShouldBe((TimeSpan.FromDays(7), LogLevel.Debug));
        options.DatasetFolders.ShouldBe(["/c"]);
        MediaOptions media = new();
        options.Media!(media);
        (media.Sandbox, media.MaxPixels, media.ReadAheadMiB).ShouldBe((SandboxMode.Required, 1000, 32));
        MedGenApplicationOptions jobs = new();
        options.Jobs!(jobs);
        jobs.MaxGeneratedFrames.ShouldBe(300);
        SourceOf(configuration, "data_folder").ShouldBe(file);
        SourceOf(configuration, "listen.grpc_port").ShouldBe("MEDGEN_SERVE_LISTEN__GRPC_PORT");
        SourceOf(configuration, "listen.http_port").ShouldBe("command line");
        SourceOf(configuration, "runtime.device").ShouldBe("default");
    }

    [Fact]
    public void Load_WithSeveralMistakes_NamesAllOfThem()
    {
        string file = Write(
            """{ "grpc_port": 1, "listen": { "grpc_port": "many" }, "jobs": { "job_retention": "soon", "color": "red" }, "media": { "sandbox": "none" } }""");

        InvalidInputException error = Should.Throw<InvalidInputException>(
            () => Load(file, environment: new() { ["MEDGEN_SERVE_JOBS__MAX_QUEUE"] = "1" }));

        error.Violations.Select(one => (one.Field, one.Description)).ShouldBe(
        [
            ("jobs.MAX_QUEUE".ToUpperInvariant(), "is not a setting (MEDGEN_SERVE_JOBS__MAX_QUEUE); 'medgen config keys' lists them."),
            ("grpc_port", $"is not a setting ({file}); 'medgen config keys' lists them."),
            ("jobs.color", $"is not a setting ({file}); 'medgen config keys' lists them."),
            ("jobs.job_retention", "got 'soon'; allowed: 0 to 3650d."),
            ("listen.grpc_port", "got 'many'; allowed: 0 to 65535."),
            ("media.sandbox", "got 'none'; allowed: auto, required, limits."),
        ], ignoreOrder: true);
    }

    [Fact]
    public void Load_WithMistakesOfEveryKind_NamesAllAtOnce()
    {
        string file = Write(
            """{ "color": "red", "listen": { "address": "0.0.0.0", "grpc_port": "many" }, "jobs": { "max_queued_jobs": 0 }, "access": { "token_file": "/none" } }""");

        Should.Throw<InvalidInputException>(() => Load(file)).Violations.Select(one => one.Field).ShouldBe(
            ["color", "listen.grpc_port", "listen.certificate_file", "access.token_file", "jobs.max_queued_jobs"], ignoreOrder: true);
    }

    [Fact]
    public void Check_OfValuesOutOfRange_NamesAllOfThemAsTheFileSpellsThem()
    {
        string file = Write(
            """{ "listen": { "grpc_port": 70000 }, "jobs": { "max_queued_jobs": 0, "max_attempts": 0 }, "media": { "max_pixels": 0 }, "telemetry": { "trace_share": 2 } }""");

        OptionsValidationException error = Should.Throw<OptionsValidationException>(() => MedGenHost.Check(Load(file).Options));

        error.Failures.Select(failure => failure.Split(':')[0]).ShouldBe(
            ["listen.grpc_port", "jobs.max_queued_jobs", "telemetry.trace_share", "jobs.max_attempts", "media.max_pixels"], ignoreOrder: true);
    }

    [Fact]
    public void Load_OfASecret_ReadsItsFileAndShowsItToNobody()
    {
        string secret = Path.Combine(_folder, "headers");
        File.WriteAllText(secret, "authorization=Bearer 4711\n");
        string file = Write($$"""{ "telemetry": { "otlp_headers_file": "{{secret}}" } }""");

        HostConfiguration configuration = Load(file);

        configuration.Options.Telemetry.OtlpHeaders.ShouldBe("authorization=Bearer 4711");
        configuration.Settings.Single(setting => setting.Key == "telemetry.otlp_headers_file").Value.ShouldBe("(hidden)");
        configuration.Settings.ShouldAllBe(setting => !setting.Value.Contains("4711"));
        Should.Throw<InvalidInputException>(() => Load(Write("""{ "telemetry": { "otlp_headers": "a=b" } }""")))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("telemetry.otlp_headers");
    }

    [Theory]
    [InlineData("{ \"listen\": ")]
    [InlineData("[]")]
    [InlineData("{ \"data_folder\": \"a\", \"data_folder\": \"b\" }")]
    public void Load_OfAFileThatIsNoConfiguration_NamesIt(string content)
    {
        string file = Write(content);

        Should.Throw<InvalidInputException>(() => Load(file)).Violations.ShouldHaveSingleItem().Description.ShouldContain(file);
    }

    [Fact]
    public void Settings_OfEveryOption_HaveARangeAndAKeyOfTheirOwn()
    {
        IReadOnlyList<EffectiveSetting> settings = Load(null).Settings;

        settings.Select(setting => setting.Key).ShouldBeUnique();
        settings.Count.ShouldBeGreaterThan(50);
        settings.ShouldAllBe(setting => setting.Allowed.Length > 0);
        settings.Single(setting => setting.Key == "jobs.retry_after").Allowed.ShouldBe("1s to 1h");
        settings.Single(setting => setting.Key == "jobs.job_retention").Value.ShouldBe("30d");
    }

    [Fact]
    public void Documentation_OfTheSettings_HasEveryKeyDefaultAndRange()
    {
        string[] lines = File.ReadAllLines(RepositoryRoot.Path("docs", "configuration.md"));
        Dictionary<string, IReadOnlyList<string>> none = [];

        HostConfiguration.Load(null, new Dictionary<string, string>(), none, none).Settings
            .Where(setting => !lines.Any(line => line.StartsWith($"| `{setting.Key}` | {setting.Value} | {setting.Allowed} |", StringComparison.Ordinal)))
            .Select(setting => $"| `{setting.Key}` | {setting.Value} | {setting.Allowed} |").ShouldBeEmpty();
    }

    [Fact]
    public void ChangesTo_AnotherConfiguration_NamesWhatDiffers()
    {
        HostConfiguration before = Load(Write("""{ "jobs": { "max_queued_jobs": 5 } }"""));
        HostConfiguration after = Load(Write("""{ "jobs": { "max_queued_jobs": 6 }, "runtime": { "threads": 2 } }"""));

        before.ChangesTo(after).Select(setting => (setting.Key, setting.Value, setting.IsReloadable)).ShouldBe(
            [("jobs.max_queued_jobs", "6", true), ("runtime.threads", "2", false)]);
    }

    private static HostConfiguration Load(
        string? file, Dictionary<string, string>? environment = null, Dictionary<string, IReadOnlyList<string>>? commandLine = null) =>
        HostConfiguration.Load(
            file, environment ?? [], commandLine ?? [], new Dictionary<string, IReadOnlyList<string>> { ["data_folder"] = ["data"] });

    private static string SourceOf(HostConfiguration configuration, string key) => configuration.Settings.Single(setting => setting.Key == key).Source;

    private string Write(string content)
    {
        string file = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".json");
        File.WriteAllText(file, content);
        return file;
    }
}
