using Grpc.Core;
using MedGen.Client;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace MedGen.Host.Tests.Access;

public sealed class TokenIssuerTests : IAsyncLifetime
{
    private readonly AccessFolder _files = new();
    private TestIssuer _issuer = null!;

    public async ValueTask InitializeAsync() => _issuer = await TestIssuer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _issuer.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Calls_WithATokenOfTheIssuer_HaveTheRolesOfItsClaims()
    {
        await using RunningHost host = await StartAsync();

        (await CodeOf(host, _issuer.Token("rita", claims: ("groups", "readers")))).ShouldBe(StatusCode.OK);
        (await CodeOf(host, _issuer.Token("rita", claims: ("groups", "readers")), administers: true)).ShouldBe(StatusCode.PermissionDenied);
        (await CodeOf(host, _issuer.Token("anna"), administers: true)).ShouldBe(StatusCode.OK);

        // Known, and of no group.
        (await CodeOf(host, _issuer.Token("nobody"))).ShouldBe(StatusCode.PermissionDenied);
        (await CodeOf(host, _issuer.Token("eve", claims: ("groups", "readers")))).ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Calls_WithATokenThatIsWrongInOneThing_AreRefused()
    {
        await using RunningHost host = await StartAsync();
        using System.Security.Cryptography.ECDsa foreign = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        string good = _issuer.Token("anna");
        foreach (string token in new[]
        {
            _issuer.Token("anna", audience: "another"),
            _issuer.Token("anna", issuer: "https://issuer.example"),
            _issuer.Token("anna", now: DateTimeOffset.UtcNow.AddHours(-2)),
            _issuer.Token("anna", now: DateTimeOffset.UtcNow.AddHours(2)),
            _issuer.Token("anna", credentials: new SigningCredentials(new ECDsaSecurityKey(foreign), SecurityAlgorithms.EcdsaSha256)),
            _issuer.Token("anna", credentials: new SigningCredentials(new SymmetricSecurityKey(new byte[64]), SecurityAlgorithms.HmacSha256)),
            good[..good.LastIndexOf('.')] + ".",
            good[..^6] + "AAAAAA",
        })
        {
            (await CodeOf(host, token)).ShouldBe(StatusCode.Unauthenticated);
        }
    }

    [Fact]
    public async Task Calls_AfterTheIssuerChangedItsKey_NeedTheNewOne()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        await using RunningHost host = await StartAsync(time);
        string old = _issuer.Token("anna");
        (await CodeOf(host, old)).ShouldBe(StatusCode.OK);
        _issuer.Rotate();

        // Not asked again so soon: whoever sends tokens with made-up keys does not make the host ask for each.
        (await CodeOf(host, _issuer.Token("anna"))).ShouldBe(StatusCode.Unauthenticated);
        time.Advance(TimeSpan.FromSeconds(11));
        (await CodeOf(host, _issuer.Token("anna"))).ShouldBe(StatusCode.OK);
        (await CodeOf(host, old)).ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Calls_WithANewKeyAfterTheClockWasSetBack_AreJudgedByIt()
    {
        SettableClock time = new(DateTimeOffset.UtcNow);
        await using RunningHost host = await StartAsync(time);
        (await CodeOf(host, _issuer.Token("anna"))).ShouldBe(StatusCode.OK);

        time.Set(TimeSpan.FromDays(-31));
        time.Advance(TimeSpan.FromSeconds(11));
        _issuer.Rotate();

        (await CodeOf(host, _issuer.Token("anna", now: time.GetUtcNow()))).ShouldBe(StatusCode.OK);
    }

    [Theory]
    [InlineData(590, StatusCode.OK)]
    [InlineData(650, StatusCode.OK)]
    [InlineData(661, StatusCode.Unauthenticated)]
    [InlineData(-59, StatusCode.OK)]
    [InlineData(-61, StatusCode.Unauthenticated)]
    public async Task Calls_WithATokenNearItsEnds_AreJudgedWithTheClockSkew(int seconds, StatusCode expected)
    {
        FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        await using RunningHost host = await StartAsync(time);
        string token = _issuer.Token("anna", now: time.GetUtcNow().AddSeconds(-seconds));

        (await CodeOf(host, token)).ShouldBe(expected);
    }

    [Fact]
    public async Task AccessFile_ThatChanges_ActsWithoutARestart()
    {
        await using RunningHost host = await StartAsync();
        string token = _issuer.Token("anna");
        (await CodeOf(host, token)).ShouldBe(StatusCode.OK);

        WriteAccess(denied: ["clinic:anna"]);
        (await CodeOf(host, token)).ShouldBe(StatusCode.Unauthenticated);
        WriteAccess();
        (await CodeOf(host, token)).ShouldBe(StatusCode.OK);

        // A file that cannot be used changes nothing but the log.
        host.ExpectsErrors = true;
        _files.Write("access.json", "{");
        (await CodeOf(host, token)).ShouldBe(StatusCode.OK);
        host.Lines.ShouldContain(line => line.Text.Contains("access.json cannot be used", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_FromAFile_NeedNoIssuerThatAnswers()
    {
        _files.Write("jwks.json", _issuer.KeysJson);
        string file = _files.Access(new
        {
            issuers = new[] { new { name = "clinic", issuer = "https://issuer.example", audience = TestIssuer.Audience, keys_file = "jwks.json" } },
            grants = new[] { new { caller = "clinic:anna", roles = new[] { "administrator" } } },
        });
        await using RunningHost host = await RunningHost.StartAsync(options => options with { AccessFile = file });

        (await CodeOf(host, _issuer.Token("anna", issuer: "https://issuer.example"))).ShouldBe(StatusCode.OK);
        _issuer.Rotate();
        string next = _issuer.Token("anna", issuer: "https://issuer.example");
        (await CodeOf(host, next)).ShouldBe(StatusCode.Unauthenticated);
        _files.Write("jwks.json", _issuer.KeysJson);
        (await CodeOf(host, next)).ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task Roles_ThatTheFileChanges_AreThoseOfTheFile()
    {
        string file = _files.Access(new
        {
            issuers = new[] { new { name = "clinic", issuer = _issuer.Url, audience = TestIssuer.Audience } },
            grants = new[] { new { issuer = "clinic", roles = new[] { "viewer" }, tenant = "radiology" } },
            roles = new Dictionary<string, string[]> { ["viewer"] = ["ListPlugins"] },
        });
        await using RunningHost host = await RunningHost.StartAsync(options => options with { AccessFile = file });
        using MedGenClient client = host.ClientWith(_issuer.Token("rita"));

        await client.Plugins.ListAsync(RunningHost.Token);
        (await CodeOf(host, _issuer.Token("rita"))).ShouldBe(StatusCode.PermissionDenied);
    }

    [Theory]
    [InlineData("""{"issuers": [{"name": "Clinic", "issuer": "http://issuer.example", "audience": "", "clock_skew_seconds": 301}]}""", 4)]
    [InlineData("""{"grants": [{"roles": []}, {"issuer": "none", "roles": ["viewer"], "tenant": "*"}]}""", 4)]
    [InlineData("""{"roles": {"viewer": ["GetJob", "Fly"], "researcher": ["GenerateVideo"]}}""", 3)]
    [InlineData("""{"certificates": {"trust_file": "none.pem", "revoked": ["x"]}}""", 2)]
    public void Build_WithAFileThatIsWrong_NamesEveryField(string content, int violations)
    {
        string file = _files.Write("access.json", content);

        FailedPreconditionException error = Should.Throw<FailedPreconditionException>(
            () => MedGenHost.Build(new() { DataFolder = "unused", PluginFolders = [], AccessFile = file }));

        error.Reason.ShouldBe("ACCESS_FILE");
        error.InnerException.ShouldBeOfType<InvalidInputException>().Violations.Count.ShouldBe(violations);
    }

    private async Task<RunningHost> StartAsync(TimeProvider? time = null)
    {
        string file = WriteAccess();
        return await RunningHost.StartAsync(
            options => options with { AccessFile = file },
            services: services => services.AddSingleton(time ?? TimeProvider.System));
    }

    private string WriteAccess(string[]? denied = null) => _files.Access(new
    {
        issuers = new[] { new { name = "clinic", issuer = _issuer.Url, audience = TestIssuer.Audience } },
        grants = new object[]
        {
            new { issuer = "clinic", claims = new { groups = "readers" }, roles = new[] { "viewer" } },
            new { caller = "clinic:anna", roles = new[] { "administrator" } },
        },
        denied = denied ?? ["clinic:eve"],
    });

    private static async Task<StatusCode> CodeOf(RunningHost host, string token, bool administers = false)
    {
        using MedGenClient client = host.ClientWith(token);
        try
        {
            Task call = administers ? client.Plugins.ReloadAsync("fake", RunningHost.Token) : client.Models.GetAsync(RunningHost.Token);
            await call;
            return StatusCode.OK;
        }
        catch (MedGenRpcException refused)
        {
            return refused.StatusCode;
        }
    }
}
