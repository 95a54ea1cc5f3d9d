using Grpc.Core;
using MedGen.Application.Auditing;
using MedGen.Client;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MedGen.Host.Tests.Access;

public sealed class ApiKeyTests : IDisposable
{
    private readonly AccessFolder _files = new();

    public void Dispose() => _files.Dispose();

    // The three roles of before, as their files spell them.
    [Theory]
    [InlineData("reader", false, false)]
    [InlineData("operator", true, false)]
    [InlineData("administrator", true, true)]
    public async Task Files_FromBeforeThereWereSixRoles_MeanWhatTheyMeant(string role, bool works, bool administers)
    {
        string file = _files.Keys(Tokens.Entry("ann", role));
        await using RunningHost host = await RunningHost.StartAsync(options => options with { TokenFile = file });
        using MedGenClient client = host.ClientWith(Tokens.Of("ann"));

        (await CodeOf(() => client.Models.GetAsync(RunningHost.Token))).ShouldBe(StatusCode.OK);
        (await CodeOf(() => client.Jobs.CancelAsync("none", RunningHost.Token))).ShouldBe(works ? StatusCode.NotFound : StatusCode.PermissionDenied);
        (await CodeOf(() => client.Plugins.ReloadAsync("fake", RunningHost.Token))).ShouldBe(administers ? StatusCode.OK : StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Keys_OfAFileThatChanges_AreThoseOfNow()
    {
        string file = _files.Keys(Tokens.Key("ann", ["viewer"]), Tokens.Key("bob", ["viewer"]));
        await using RunningHost host = await RunningHost.StartAsync(options => options with { TokenFile = file });
        (await CodeOf(host, "ann")).ShouldBe(StatusCode.OK);

        _files.Keys(Tokens.Key("bob", ["viewer"]), Tokens.Key("cleo", ["viewer"]));

        (await CodeOf(host, "ann")).ShouldBe(StatusCode.Unauthenticated);
        (await CodeOf(host, "bob")).ShouldBe(StatusCode.OK);
        (await CodeOf(host, "cleo")).ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task Keys_ThatExpire_SaySoFromThenOn()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        string file = _files.Keys(Tokens.Key("ann", ["viewer"], expires: time.GetUtcNow().AddHours(1)));
        await using RunningHost host = await RunningHost.StartAsync(
            options => options with { TokenFile = file }, services: services => services.AddSingleton<TimeProvider>(time));
        (await CodeOf(host, "ann")).ShouldBe(StatusCode.OK);

        time.Advance(TimeSpan.FromHours(1));

        using MedGenClient client = host.ClientWith(Tokens.Of("ann"));
        (await Should.ThrowAsync<MedGenRpcException>(() => client.Models.GetAsync(RunningHost.Token))).Message.ShouldContain("expired at");
    }

    [Fact]
    public void Build_WithTwoCallersOfOneKey_NamesBoth()
    {
        string file = _files.Keys(Tokens.Key("ann", ["viewer"]), new { name = "boss", roles = new[] { "administrator" }, sha256 = Tokens.HashOf("ann").ToUpperInvariant() });

        Should.Throw<FailedPreconditionException>(() => MedGenHost.Build(new() { DataFolder = "unused", PluginFolders = [], TokenFile = file }))
            .Message.ShouldContain("'boss' has the sha256 of 'ann'");
    }

    [Fact]
    public async Task Start_WithFilesThatOthersMayChange_WarnsOfEach()
    {
        string file = _files.Keys(Tokens.Key("ann", ["viewer"]));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherWrite);
        await using RunningHost host = await RunningHost.StartAsync(options => options with { TokenFile = file });
        const string Warning = "access.token_file can be changed by other users of this machine: 'chmod 600' on it.";

        host.Lines.ShouldContain(line => line.Text.Contains(Warning, StringComparison.Ordinal));
        MedGenHostOptions options = new() { DataFolder = "none", PluginFolders = [], TokenFile = file };
        MedGenHost.Warnings(options).ShouldBe([Warning]);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        MedGenHost.Warnings(options).ShouldBeEmpty();
    }

    [Fact]
    public async Task Audit_OfLogins_HasThoseThatFailedToo()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        string file = _files.Keys(Tokens.Key("ann", ["viewer"]), Tokens.Key("aud", ["auditor"], tenant: "*"));
        await using RunningHost host = await RunningHost.StartAsync(
            options => options with { TokenFile = file }, services: services => services.AddSingleton<TimeProvider>(time));
        for (int i = 0; i < 20; i++)
        {
            (await CodeOf(host, "eve")).ShouldBe(StatusCode.Unauthenticated);
            (await CodeOf(host, "ann")).ShouldBe(StatusCode.OK);
        }

        await Should.ThrowAsync<MedGenRpcException>(() => host.Client.Models.GetAsync(RunningHost.Token));
        using MedGenClient auditor = host.ClientWith(Tokens.Of("aud"));
        List<Protos.V1.AuditRecord> records = await auditor.Audit.ListAsync(new() { Action = "Login" }, RunningHost.Token).ToListAsync(RunningHost.Token);

        records.Select(record => (record.Caller, record.Subject, record.Outcome, record.Address)).ShouldBe(
        [
            ("anonymous", "scheme:ApiKey", "CREDENTIALS_UNKNOWN", "127.0.0.1"),
            ("ann", "scheme:ApiKey", "ok", "127.0.0.1"),
            ("anonymous", "scheme:ApiKey", "CREDENTIALS_MISSING", "127.0.0.1"),
            ("aud", "scheme:ApiKey", "ok", "127.0.0.1"),
        ]);
        host.Lines.ShouldNotContain(line => line.Text.Contains("UNAUTHENTICATED", StringComparison.Ordinal));

        await host.StopHostAsync();
        await host.StartHostAsync();
        IReadOnlyList<AuditRecord> all = await host.Services.GetRequiredService<IAuditLog>().ReadAsync(
            new AuditQuery { Outcome = "CREDENTIALS_UNKNOWN" }, RunningHost.Token);
        all.Select(record => record.Entry.Count).ShouldBe([1, 19]);
    }

    [Fact]
    public async Task Audit_OfALoginAfterTheClockWasSetBack_HasIt()
    {
        SettableClock time = new(DateTimeOffset.UtcNow);
        string file = _files.Keys(Tokens.Key("ann", ["viewer"]));
        await using RunningHost host = await RunningHost.StartAsync(
            options => options with { TokenFile = file }, services: services => services.AddSingleton<TimeProvider>(time));
        (await CodeOf(host, "ann")).ShouldBe(StatusCode.OK);

        time.Set(TimeSpan.FromDays(-31));
        time.Advance(TimeSpan.FromMinutes(16));
        (await CodeOf(host, "ann")).ShouldBe(StatusCode.OK);

        await host.StopHostAsync();
        await host.StartHostAsync();
        IReadOnlyList<AuditRecord> logins = await host.Services.GetRequiredService<IAuditLog>().ReadAsync(
            new AuditQuery { Action = "Login", Caller = "ann" }, RunningHost.Token);
        logins.Sum(record => record.Entry.Count).ShouldBe(2);
    }

    private static Task<StatusCode> CodeOf(RunningHost host, string name) => CodeOf(async () =>
    {
        using MedGenClient client = host.ClientWith(Tokens.Of(name));
        await client.Models.GetAsync(RunningHost.Token);
    });

    private static async Task<StatusCode> CodeOf(Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (MedGenRpcException refused)
        {
            return refused.StatusCode;
        }
    }
}
