using MedGen.Application.Cluster;
using MedGen.Cluster;
using MedGen.Cluster.S3;
using MedGen.Sdk.Errors;

namespace MedGen.Storage.Tests.Clusters;

/// <summary>In a bucket of a stand-in for S3.</summary>
[Long]
public sealed class S3ContentsTests : SharedContentsTests
{
    private readonly S3Server _server = S3Server.OfAll;
    private readonly S3Contents _contents;

    public S3ContentsTests() => _contents = new S3Contents(OptionsOf(_server), partBytes: 5 << 20);

    internal override ISharedContents Contents => _contents;

    protected override void Dispose(bool disposing)
    {
        _contents.Dispose();
        base.Dispose(disposing);
    }

    [Fact]
    public async Task Get_OfWhatWasChangedThere_IsNeverTakenForGood()
    {
        string id = NewId();
        await _contents.PutAsync(id, NewFile(1000), Token);
        byte[] stored = await File.ReadAllBytesAsync(_server.FileOf("some/" + id), Token);
        stored[500] ^= 1;
        await File.WriteAllBytesAsync(_server.FileOf("some/" + id), stored, Token);

        (await Should.ThrowAsync<DataLossException>(() => GetAsync(id))).Reason.ShouldBe("CONTENT_DAMAGED");
    }

    [Fact]
    public async Task Require_OfABucketThatLetsThisHostIn_IsGood()
    {
        // s3rver answers a list with 500 while others store and delete.
        using S3Server server = S3Server.Start();
        using S3Contents contents = new(OptionsOf(server), partBytes: 5 << 20);

        await contents.RequireAsync(Token);

        contents.Place.ShouldBe("s3://medgen-tests/some");
    }

    [Fact]
    public async Task Require_OfAnotherBucketOrKeysOrService_SaysWhatIsWrong()
    {
        (await RefusalAsync(OptionsOf(_server) with { Files = "s3://another" })).ShouldContain("NoSuchBucket");
        string refusal = await RefusalAsync(OptionsOf(_server) with { FilesCredentialsFile = _server.WriteCredentials("verysecret", "nobody") });
        refusal.ShouldContain("InvalidAccessKeyId");
        refusal.ShouldNotContain("verysecret");
        await RefusalAsync(OptionsOf(_server) with { FilesEndpoint = "http://127.0.0.1:1" });
    }

    [Fact]
    public async Task Ask_WhileTheServiceIsAway_SaysSoAndWorksAgainLater()
    {
        string id = NewId();
        using S3Server server = S3Server.Start();
        using S3Contents contents = new(OptionsOf(server), partBytes: 5 << 20);
        string copy = NewFile(1);
        server.Kill();
        (await Should.ThrowAsync<ResourceExhaustedException>(() => contents.PutAsync(id, NewFile(100), Token))).Reason.ShouldBe("CLUSTER_UNAVAILABLE");
        (await Should.ThrowAsync<ResourceExhaustedException>(() => contents.TryGetAsync(id, copy, Token))).Reason.ShouldBe("CLUSTER_UNAVAILABLE");
        (await Should.ThrowAsync<ResourceExhaustedException>(() => contents.DeleteAsync(id, Token))).Reason.ShouldBe("CLUSTER_UNAVAILABLE");
        server.Run();
        await contents.PutAsync(id, NewFile(100), Token);
        (await contents.TryGetAsync(id, copy, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task Service_WithTls_IsTrustedByItsAuthorityAlone()
    {
        using S3Server server = S3Server.Start(withTls: true);
        using S3Contents trusting = new(OptionsOf(server) with { FilesAuthorityFile = server.Authority }, partBytes: 5 << 20);
        await trusting.RequireAsync(Token);
        string id = NewId();
        await trusting.PutAsync(id, NewFile((5 << 20) + 1), Token);
        File.Exists(server.FileOf("some/" + id)).ShouldBeTrue();

        (await RefusalAsync(OptionsOf(server))).ShouldContain("certificate");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[other]\naws_access_key_id = a\naws_secret_access_key = hidden")]
    [InlineData("[default]\naws_access_key_id = a")]
    [InlineData("hidden")]
    public void Keys_ThatAreNone_AreRefusedWithoutBeingTold(string text)
    {
        string file = _server.WriteCredentials("");
        File.WriteAllText(file, text);

        FailedPreconditionException refusal = Should.Throw<FailedPreconditionException>(
            () => new S3Contents(OptionsOf(_server) with { FilesCredentialsFile = file }, partBytes: 5 << 20));
        refusal.Reason.ShouldBe("CLUSTER_FILES_CREDENTIALS");
        refusal.ToString().ShouldNotContain("hidden");
    }

    private static ClusterOptions OptionsOf(S3Server server) => new()
    {
        Servers = "nats://127.0.0.1:1", Files = $"s3://{S3Server.Bucket}/some", FilesEndpoint = server.Endpoint, FilesCredentialsFile = server.Credentials,
    };

    private static async Task<string> RefusalAsync(ClusterOptions options)
    {
        using S3Contents contents = new(options, partBytes: 5 << 20);
        FailedPreconditionException refusal = await Should.ThrowAsync<FailedPreconditionException>(() => contents.RequireAsync(Token));
        refusal.Reason.ShouldBe("CLUSTER_FILES_UNREACHABLE");
        return refusal.Message;
    }
}
