using MedGen.Cluster;
using MedGen.Sdk.Errors;

namespace MedGen.Storage.Tests.Clusters;

public sealed class ClusterOptionsTests
{
    [Theory]
    [InlineData("tls://a.example:4222,tls://b.example:4222")]
    [InlineData("nats://127.0.0.1:4222, nats://localhost:4223")]
    [InlineData("nats://[::1]:4222")]
    public void Check_OfTlsOrLoopback_IsGood(string servers) => Find(new ClusterOptions { Servers = servers }).ShouldBeEmpty();

    [Theory]
    [InlineData("nats://a.example:4222", "got nats://a.example, which is clear text")]
    [InlineData("nats://127.0.0.1:4222,nats://10.0.0.1:4222", "got nats://10.0.0.1, which is clear text")]
    [InlineData("a.example:4222", "got another text")]
    [InlineData("tls://me:secret@a.example:4222", "got another text")]
    [InlineData(",", "got no server")]
    public void Check_OfClearTextOrNoServer_SaysSo(string servers, string description)
    {
        FieldViolation found = Find(new ClusterOptions { Servers = servers }).ShouldHaveSingleItem();

        found.Field.ShouldBe("cluster.servers");
        found.Description.ShouldStartWith(description);
        found.Description.ShouldNotContain("secret");
    }

    [Fact]
    public void Check_OfHalfSettings_NamesTheOtherHalf()
    {
        ClusterOptions options = new() { Servers = "tls://a.example:4222" };
        string file = Environment.ProcessPath!;

        Find(options with { User = "me" }).ShouldHaveSingleItem().Field.ShouldBe("cluster.password_file");
        Find(options with { CertificateFile = file }).ShouldHaveSingleItem().Field.ShouldBe("cluster.key_file");
        Find(options with { CredentialsFile = file, User = "me", PasswordFile = file }).ShouldHaveSingleItem().Field.ShouldBe("cluster.user");
        Find(options with { AuthorityFile = "/none" }).ShouldHaveSingleItem().Field.ShouldBe("cluster.authority_file");
        Find(new ClusterOptions { Role = ClusterRole.Front }).ShouldHaveSingleItem().Field.ShouldBe("cluster.servers");
        Find(new ClusterOptions { Servers = "nats://127.0.0.1:4222", AuthorityFile = file }).ShouldHaveSingleItem()
            .Field.ShouldBe("cluster.certificate_file");
    }

    [Theory]
    [InlineData("s3://bucket", null)]
    [InlineData("s3://bucket/some/where/", "https://s3.example:9000")]
    [InlineData("s3://bucket", "http://127.0.0.1:9000")]
    public void Check_OfABucket_IsGood(string files, string? endpoint) =>
        Find(new ClusterOptions
        {
            Servers = "tls://a.example:4222", Files = files, FilesEndpoint = endpoint, FilesCredentialsFile = Environment.ProcessPath!,
        }).ShouldBeEmpty();

    [Theory]
    [InlineData("bucket", null, "cluster.files", "got another text")]
    [InlineData("s3://Bucket", null, "cluster.files", "got another text")]
    [InlineData("s3://bucket/a//b", null, "cluster.files", "got another text")]
    [InlineData("s3://key:secret@bucket", null, "cluster.files", "got another text")]
    [InlineData("s3://bucket", "s3.example", "cluster.files_endpoint", "got another text")]
    [InlineData("s3://bucket", "https://s3.example/path", "cluster.files_endpoint", "got another text")]
    [InlineData("s3://bucket", "https://me:secret@s3.example", "cluster.files_endpoint", "got another text")]
    [InlineData("s3://bucket", "http://s3.example", "cluster.files_endpoint", "got http://s3.example, which is clear text")]
    [InlineData(null, "https://s3.example", "cluster.files", "got none, and other settings of it")]
    public void Check_OfAnotherPlaceOfFiles_SaysSo(string? files, string? endpoint, string field, string description)
    {
        FieldViolation found = Find(new ClusterOptions
        {
            Servers = "tls://a.example:4222", Files = files, FilesEndpoint = endpoint, FilesCredentialsFile = files is null ? null : Environment.ProcessPath!,
        }).ShouldHaveSingleItem();

        found.Field.ShouldBe(field);
        found.Description.ShouldStartWith(description);
        found.Description.ShouldNotContain("secret");
    }

    [Fact]
    public void Check_OfABucketWithoutKeysOrWithAnAuthorityForNothing_SaysSo()
    {
        ClusterOptions options = new() { Servers = "tls://a.example:4222", Files = "s3://bucket" };
        Find(options).ShouldHaveSingleItem().Field.ShouldBe("cluster.files_credentials_file");
        Find(options with { FilesCredentialsFile = Environment.ProcessPath!, FilesAuthorityFile = Environment.ProcessPath! }).ShouldHaveSingleItem()
            .Field.ShouldBe("cluster.files_authority_file");
    }

    private static IReadOnlyList<FieldViolation> Find(ClusterOptions options)
    {
        Violations violations = new();
        options.Check(violations);
        return violations.Found;
    }
}
