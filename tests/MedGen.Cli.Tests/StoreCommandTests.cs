using System.Text.Json;

namespace MedGen.Cli.Tests;

public sealed class StoreCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-store-").FullName;

    private string Data => Path.Combine(_folder, "data");

    private string Backup => Path.Combine(_folder, "backup");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Store_BackupRestoreAndRepairOfADamagedFile_WorkAsDescribed()
    {
        CopyOldFolder();
        (await RunAsync("check")).ExitCode.ShouldBe(0);
        (int exitCode, JsonElement made) = await RunAsync("backup", Backup);
        exitCode.ShouldBe(0);
        made.GetProperty("files").GetInt32().ShouldBe(4);
        string content = Directory.GetFiles(Path.Combine(Data, "artifacts"), "*", SearchOption.AllDirectories)[0];
        byte[] good = File.ReadAllBytes(content);
        File.WriteAllBytes(content, [.. good.Reverse()]);

        (await RunAsync("check")).ExitCode.ShouldBe(0);
        (int scrubbed, JsonElement report) = await RunAsync("scrub", "--rate", "1000");
        scrubbed.ShouldBe(1);
        report.GetProperty("findings")[0].GetProperty("kind").GetString().ShouldBe("contentDamaged");
        (await RunAsync("repair", "--from", Backup, "--dry-run")).ExitCode.ShouldBe(0);
        File.ReadAllBytes(content).ShouldNotBe(good);
        (await RunAsync("repair", "--from", Backup)).ExitCode.ShouldBe(0);
        File.ReadAllBytes(content).ShouldBe(good);
        Directory.GetFiles(Path.Combine(Data, "quarantine"), "*", SearchOption.AllDirectories).ShouldHaveSingleItem();

        (await MedGenCommand.RunAsync("store", "restore", Backup, "--data-dir", Data)).ExitCode.ShouldBe(5);
        string copy = Path.Combine(_folder, "copy");
        (await MedGenCommand.RunAsync("store", "restore", Backup, "--data-dir", copy)).Output.ShouldContain("4 files of");
        (await MedGenCommand.RunAsync("store", "scrub", "--data-dir", copy)).ExitCode.ShouldBe(0);
    }

    [Fact, Long]
    public async Task Artifacts_OfAnOldFolder_AreListedHeldReleasedAndErasedWithTheirJob()
    {
        const string Clip = "01a22483fbe2718cbffd08e9037b6618";
        CopyOldFolder();
        string[] data = ["--data-dir", Data];
        string file = Fixtures.Path("data-0.1.0", "README.md");
        (await MedGenCommand.RunAsync(["artifacts", "upload", file, "--patient", "p-1", .. data])).ExitCode.ShouldBe(0);

        (await MedGenCommand.RunAsync(["artifacts", "list", "--kind", "clip", "--synthetic", .. data])).Output.ShouldContain(Clip);
        (await MedGenCommand.RunAsync(["artifacts", "list", "--patient", "p-1", "--json", .. data])).Output.ShouldContain("README.md");
        (await MedGenCommand.RunAsync(["artifacts", "list", "--synthetic", "--real", .. data])).ExitCode.ShouldBe(2);
        (await MedGenCommand.RunAsync(["artifacts", "hold", Clip, "--reason", "case 7", .. data])).Output.ShouldContain("case 7");
        (int refused, _, string error) = await MedGenCommand.RunAsync(["artifacts", "delete", Clip, .. data]);
        refused.ShouldBe(5);
        error.ShouldContain("legal hold");
        (await MedGenCommand.RunAsync(["artifacts", "release", Clip, .. data])).ExitCode.ShouldBe(0);

        string receipt = Path.Combine(_folder, "receipt.json");
        (await MedGenCommand.RunAsync(["artifacts", "erase", "--artifact", Clip, "--receipt", receipt, .. data])).ExitCode.ShouldBe(0);
        JsonDocument.Parse(File.ReadAllText(receipt)).RootElement.GetProperty("jobIds")[0].GetString().ShouldBe("01a22483d20b7f459f8fa789917f13cc");
        (await MedGenCommand.RunAsync(["artifacts", "erase", .. data])).ExitCode.ShouldBe(2);
        (await MedGenCommand.RunAsync(["store", "check", .. data])).ExitCode.ShouldBe(0);
        File.ReadAllBytes(Path.Combine(Data, "medgen.db")).AsSpan().IndexOf("convex probe"u8).ShouldBe(-1);
    }

    [Fact, Long]
    public async Task Jobs_Delete_TakesAJobThatHasEndedAndLeavesItsClip()
    {
        const string Job = "01a22483d20b7f459f8fa789917f13cc";
        CopyOldFolder();
        string[] data = ["--data-dir", Data];

        (await MedGenCommand.RunAsync(["jobs", "delete", Job, .. data])).ExitCode.ShouldBe(0);

        (await MedGenCommand.RunAsync(["jobs", "get", Job, .. data])).ExitCode.ShouldNotBe(0);
        (await MedGenCommand.RunAsync(["jobs", "delete", Job, .. data])).Error.ShouldContain(Job);
        (await MedGenCommand.RunAsync(["artifacts", "list", "--kind", "clip", "--synthetic", .. data])).Output.ShouldContain("01a22483fbe2718cbffd08e9037b6618");
    }

    [Fact]
    public async Task Scrub_RateOutOfRange_IsRefused() =>
        (await MedGenCommand.RunAsync("store", "scrub", "--rate", "0")).ExitCode.ShouldBe(2);

    [Theory]
    [InlineData("a whole number is expected", "store", "scrub", "--rate", "abc")]
    [InlineData("a whole number is expected", "audit", "list", "--limit", "few")]
    [InlineData("a time such as 2026-11-01T00:00Z is expected", "audit", "list", "--from", "yesterday")]
    [InlineData("Syslog", "audit", "export", "--format", "xml")]
    public async Task Command_WithAValueOfTheWrongKind_SaysWhatIsExpected(string expected, params string[] arguments)
    {
        (int exitCode, _, string error) = await MedGenCommand.RunAsync(arguments);

        exitCode.ShouldBe(ExitCode.Usage);
        error.ShouldContain(expected);
        error.ShouldNotContain("System.");
    }

    private void CopyOldFolder()
    {
        string old = Fixtures.Path("data-0.1.0", "data");
        foreach (string file in Directory.GetFiles(old, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(Data, Path.GetRelativePath(old, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private async Task<(int ExitCode, JsonElement Answer)> RunAsync(params string[] arguments)
    {
        (int exitCode, string output, string error) = await MedGenCommand.RunAsync(["store", .. arguments, "--data-dir", Data, "--json"]);
        output.ShouldNotBeEmpty(error);
        return (exitCode, JsonDocument.Parse(output).RootElement);
    }
}
