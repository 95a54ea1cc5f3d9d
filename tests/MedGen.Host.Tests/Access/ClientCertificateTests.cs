using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using MedGen.Client;
using MedGen.Host.Access;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGen.Host.Tests.Access;

public sealed class ClientCertificateTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _otherAuthority = new();
    private readonly AccessFolder _files = new();

    public void Dispose()
    {
        _authority.Dispose();
        _otherAuthority.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Calls_WithACertificate_AreJudgedByItsAuthorityAndName()
    {
        await using RunningHost host = await StartAsync();

        (await CodeOf(host, _authority.Issue("pacs-3"))).ShouldBe(StatusCode.OK);
        (await CodeOf(host, _authority.Issue("pacs-4"))).ShouldBe(StatusCode.PermissionDenied);
        (await CodeOf(host, _otherAuthority.Issue("pacs-3"))).ShouldBe(StatusCode.Unauthenticated);
        (await CodeOf(host, _authority.Issue("pacs-3", DateTimeOffset.UtcNow.AddDays(-9), DateTimeOffset.UtcNow.AddDays(-1)))).ShouldBe(StatusCode.Unauthenticated);
        (await CodeOf(host, null)).ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Certificates_ThatAreRevokedOrWhoseAuthorityGoes_AreRefusedWithoutARestart()
    {
        await using RunningHost host = await StartAsync();
        (string CertificateFile, string KeyFile) shown = _authority.Issue("pacs-3");
        (await CodeOf(host, shown)).ShouldBe(StatusCode.OK);

        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(shown.CertificateFile, RunningHost.Token));
        WriteAccess(certificate.GetCertHashString(HashAlgorithmName.SHA256));
        (await CodeOf(host, shown)).ShouldBe(StatusCode.Unauthenticated);

        WriteAccess();
        (await CodeOf(host, shown)).ShouldBe(StatusCode.OK);
        _files.Write("trusted.pem", _otherAuthority.AuthoritiesPem);
        (await CodeOf(host, shown)).ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Certificates_OnTheirAuthoritysList_AreRefusedWithoutARestart()
    {
        DateTimeOffset next = DateTimeOffset.UtcNow.AddDays(1);
        _files.Write("list.pem", _authority.RevocationPem(next));
        await using RunningHost host = await StartAsync("list.pem");
        (string CertificateFile, string KeyFile) shown = _authority.Issue("pacs-3");
        (await CodeOf(host, shown)).ShouldBe(StatusCode.OK);

        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(shown.CertificateFile, RunningHost.Token));
        _files.Write("list.pem", _authority.RevocationPem(next, certificate));
        (await CodeOf(host, shown)).ShouldBe(StatusCode.Unauthenticated);
        (await CodeOf(host, _authority.Issue("pacs-3"))).ShouldBe(StatusCode.OK);

        // Out of date, and still good for what it names.
        _files.Write("list.pem", _authority.RevocationPem(DateTimeOffset.UtcNow.AddMinutes(-1), certificate));
        (await CodeOf(host, shown)).ShouldBe(StatusCode.Unauthenticated);
        (await CodeOf(host, _authority.Issue("pacs-3"))).ShouldBe(StatusCode.Unauthenticated);

        // Somebody else's word.
        _files.Write("list.pem", _otherAuthority.RevocationPem(next));
        (await CodeOf(host, _authority.Issue("pacs-3"))).ShouldBe(StatusCode.Unauthenticated);

        // What is no list changes nothing but the log.
        host.ExpectsErrors = true;
        _files.Write("list.pem", _authority.RevocationPem(next));
        (await CodeOf(host, shown)).ShouldBe(StatusCode.OK);
        _files.Write("list.pem", "no list");
        (await CodeOf(host, shown)).ShouldBe(StatusCode.OK);
        host.Lines.ShouldContain(line => line.Text.Contains("list.pem cannot be used", StringComparison.Ordinal));
    }

    [Fact]
    public void RequireNotRevoked_OfAnAuthorityThatHasChangedItsKey_LooksForTheKeyThatSigned()
    {
        DateTimeOffset next = DateTimeOffset.UtcNow.AddDays(1);
        using X509Certificate2 present = _authority.NewIntermediate();
        _files.Write("trusted.pem", _authority.AuthoritiesPem + "\n" + present.ExportCertificatePem());
        _files.Write("root.pem", TestAuthority.RevocationPem(next, _authority.Root, [_authority.Intermediate]));
        _files.Write("list.pem", TestAuthority.RevocationPem(next, present, []));
        AccessRules rules = AccessRules.Parse(
            """{"certificates": {"trust_file": "trusted.pem", "revocation_lists": ["root.pem", "list.pem"]}}"""u8.ToArray(),
            Path.GetDirectoryName(_files.PathOf("list.pem"))!, TimeProvider.System, NullLogger.Instance);
        using X509Certificate2 ofOld = X509CertificateLoader.LoadCertificateFromFile(_authority.Issue("a").CertificateFile);
        using X509Certificate2 ofPresent = X509CertificateLoader.LoadCertificateFromFile(_authority.Issue("b", by: present).CertificateFile);

        Should.Throw<RefusedCredentialsException>(() => rules.RequireNotRevoked(ofOld)).Reason.ShouldBe("CERTIFICATE_REVOKED");
        Should.NotThrow(() => rules.RequireNotRevoked(ofPresent));
    }

    [Fact]
    public void Parse_OfTwoListsInAFile_Refuses()
    {
        string list = _authority.RevocationPem(DateTimeOffset.UtcNow);

        Should.Throw<FormatException>(() => RevocationList.Parse(Encoding.ASCII.GetBytes(list + "\n" + list))).Message.ShouldContain("more than one");
        RevocationList.Parse(Encoding.ASCII.GetBytes(list)).IsOf(_otherAuthority.Root).ShouldBeFalse();
    }

    private async Task<RunningHost> StartAsync(params string[] lists)
    {
        _files.Write("trusted.pem", _authority.AuthoritiesPem);
        string access = WriteAccess([], lists);
        (string certificate, string key) = _authority.Issue("host");
        return await RunningHost.StartAsync(
            options => options with { CertificateFile = certificate, KeyFile = key, AccessFile = access }, _authority.RootFile);
    }

    private string WriteAccess(params string[] revoked) => WriteAccess(revoked, []);

    private string WriteAccess(string[] revoked, string[] lists) => _files.Access(new
    {
        certificates = new { trust_file = "trusted.pem", revoked, revocation_lists = lists },
        grants = new[] { new { caller = "certificate:pacs-3", roles = new[] { "viewer" } } },
    });

    private async Task<StatusCode> CodeOf(RunningHost host, (string CertificateFile, string KeyFile)? shown)
    {
        using MedGenClient client = new(new MedGenClientOptions
        {
            Address = host.Endpoints.Grpc,
            AuthorityFile = _authority.RootFile,
            CertificateFile = shown?.CertificateFile,
            KeyFile = shown?.KeyFile,
        });
        try
        {
            await client.Models.GetAsync(RunningHost.Token);
            return StatusCode.OK;
        }
        catch (MedGenRpcException refused)
        {
            return refused.StatusCode;
        }
    }

}
