using System.Net;
using System.Net.Sockets;
using System.Text;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Dicom.Writing;
using MedGen.Sdk.Errors;

namespace MedGen.Dicom.Tests.Web;

public sealed class DicomWebClientTests : IDisposable
{
    private const string Listed = """[{"00080018":{"vr":"UI","Value":["1.2.3.4"]}}]""";

    private readonly DicomFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Query_WithFiltersAndAToken_AsksForThemAndReadsTheAnswer()
    {
        await using FakeArchive archive = FakeArchive.Start((_, _) => FakeArchive.Json(Listed));
        string token = _folder.PathOf("token");
        await File.WriteAllTextAsync(token, "secret-token\n", DicomFolder.Token);
        using DicomWebClient client = new(new DicomWebServer { Address = archive.Address, TokenFile = token });

        IReadOnlyList<DicomDataSet> found = await client.QueryAsync(
            new DicomQuery
            {
                Level = DicomLevel.Instances, Study = "1.2", Series = "1.2.3", Limit = 5,
                Match = new Dictionary<DicomTag, string> { [new(0x0008_0060)] = "US & more" },
            },
            DicomFolder.Token);

        found.ShouldHaveSingleItem().Text(new(0x0008_0018)).ShouldBe("1.2.3.4");
        archive.Asked.ShouldHaveSingleItem().ShouldBe("GET /dicom-web/studies/1.2/series/1.2.3/instances?limit=5&offset=0&00080060=US%20%26%20more");
        archive.Authorizations.ShouldHaveSingleItem().ShouldBe("Bearer secret-token");
    }

    [Fact]
    public async Task Store_AtAProxyThatTakesNothingSoLarge_IsRefusedForGood()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> asked = ProxyAsync(listener);
        DicomDataSet set = new();
        set.SetText(new(0x0008_0016), "1.2.840.10008.5.1.4.1.1.7");
        set.SetText(new(0x0008_0018), "1.2.3.4");
        set.SetText(new(0x0020_000D), "1.2");
        set.SetText(new(0x0020_000E), "1.2.3");
        set.SetBytes(new(0x7FE0_0010), DicomVr.OB, new byte[20 << 20]);
        string path = _folder.PathOf("large.dcm");
        DicomWriter.Write(path, set, DicomTransferSyntax.ExplicitLittleEndian, DicomFolder.Token);
        using DicomWebClient client = new(new DicomWebServer { Address = new Uri($"http://{listener.LocalEndpoint}/dicom-web") });

        (await Should.ThrowAsync<FailedPreconditionException>(() => client.StoreAsync(path, DicomFolder.Token))).Message.ShouldContain("413");
        (await asked).ShouldContain("Expect: 100-continue");
    }

    // Has no instance, and answers a store from its length alone, as nginx does.
    private static async Task<string> ProxyAsync(TcpListener listener)
    {
        string head = "";
        foreach (string answer in new[] { "204 No Content", "413 Payload Too Large" })
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(DicomFolder.Token);
            byte[] buffer = new byte[4096];
            for (head = ""; !head.Contains("\r\n\r\n", StringComparison.Ordinal);)
            {
                head += Encoding.ASCII.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer, DicomFolder.Token));
            }

            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), DicomFolder.Token);
        }

        return head;
    }

    [Theory]
    [InlineData(503, typeof(UnavailableException))]
    [InlineData(500, typeof(UnavailableException))]
    [InlineData(429, typeof(UnavailableException))]
    [InlineData(507, typeof(UnavailableException))]
    [InlineData(400, typeof(FailedPreconditionException))]
    [InlineData(401, typeof(FailedPreconditionException))]
    [InlineData(404, typeof(FailedPreconditionException))]
    [InlineData(415, typeof(FailedPreconditionException))]
    [InlineData(302, typeof(FailedPreconditionException))]
    public async Task Query_OfAnArchiveThatRefuses_TellsWhetherItMayPass(int status, Type expected)
    {
        await using FakeArchive archive = FakeArchive.Start((_, _) => (status, "text/plain", "PATIENT^NAME"u8.ToArray()));
        using DicomWebClient client = new(new DicomWebServer { Address = archive.Address });

        MedGenException error = (MedGenException)await Should.ThrowAsync(
            () => client.QueryAsync(new DicomQuery { Level = DicomLevel.Studies }, DicomFolder.Token), expected);

        error.Message.ShouldContain($"{status}");
        error.Message.ShouldNotContain("PATIENT");
        error.RetryAfter.ShouldBe(status == 503 ? TimeSpan.FromSeconds(7) : null);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""[{"0008":{"vr":"UI"}}]""")]
    public async Task Query_WithAnAnswerThatIsNoDicomJson_MayPass(string answer)
    {
        await using FakeArchive archive = FakeArchive.Start((_, _) => FakeArchive.Json(answer));
        using DicomWebClient client = new(new DicomWebServer { Address = archive.Address });

        (await Should.ThrowAsync<UnavailableException>(() => client.QueryAsync(new DicomQuery { Level = DicomLevel.Studies }, DicomFolder.Token)))
            .Reason.ShouldBe("ARCHIVE_ANSWER");
    }

    [Fact]
    public async Task Query_OfNobody_MayPass()
    {
        FakeArchive archive = FakeArchive.Start((_, _) => FakeArchive.Json("[]"));
        await archive.DisposeAsync();
        using DicomWebClient client = new(new DicomWebServer { Address = archive.Address });

        (await Should.ThrowAsync<UnavailableException>(() => client.QueryAsync(new DicomQuery { Level = DicomLevel.Studies }, DicomFolder.Token)))
            .Reason.ShouldBe("ARCHIVE_UNAVAILABLE");
    }

    [Fact]
    public async Task Store_OfWhatIsNotThere_SendsItOnceAndAsksAgain()
    {
        string file = Object();
        bool isThere = false;
        byte[] body = [];
        await using FakeArchive archive = FakeArchive.Start((request, sent) =>
        {
            if (request.HttpMethod == "POST")
            {
                (isThere, body) = (true, sent);
                return FakeArchive.Json("""{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.3.4"]}}]}}""");
            }

            return isThere ? FakeArchive.Json(Listed) : (204, "text/plain", []);
        });
        using DicomWebClient client = new(new DicomWebServer { Address = archive.Address });

        (await client.StoreAsync(file, DicomFolder.Token)).ShouldBeTrue();
        (await client.StoreAsync(file, DicomFolder.Token)).ShouldBeFalse();

        archive.Asked.Select(one => one.Split('?')[0]).ShouldBe(
            ["GET /dicom-web/instances", "POST /dicom-web/studies", "GET /dicom-web/instances", "GET /dicom-web/instances"]);
        body.AsSpan().IndexOf(File.ReadAllBytes(file)).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(0xA700, 409, typeof(UnavailableException))]
    [InlineData(0x0110, 409, typeof(UnavailableException))]
    [InlineData(0x0110, 202, typeof(UnavailableException))]
    [InlineData(0xC000, 409, typeof(FailedPreconditionException))]
    [InlineData(0x0122, 200, typeof(FailedPreconditionException))]
    [InlineData(-1, 409, typeof(FailedPreconditionException))]
    [InlineData(-1, 200, typeof(UnavailableException))] // taken, but not listed
    public async Task Store_ThatIsNotConfirmed_TellsWhetherItMayPass(int reason, int status, Type expected)
    {
        await using FakeArchive archive = FakeArchive.Start((request, _) => request.HttpMethod != "POST" ? FakeArchive.Json("[]")
            : FakeArchive.Json(reason < 0 ? "{}" : """{"00081198":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[""" + reason + "]}}]}}", status));
        using DicomWebClient client = new(new DicomWebServer { Address = archive.Address });

        await Should.ThrowAsync(() => client.StoreAsync(Object(), DicomFolder.Token), expected);
    }

    [Fact]
    public async Task Retrieve_OfInstances_NamesFilesByTheirOwnUidsAndNothingElse()
    {
        byte[] file = await File.ReadAllBytesAsync(Object(), DicomFolder.Token);
        await using FakeArchive archive = FakeArchive.Start((_, _) => (200, "multipart/related; type=\"application/dicom\"; boundary=b",
            Body(file)));
        using DicomWebClient client = new(new DicomWebServer { Address = archive.Address });
        string target = Directory.CreateDirectory(_folder.PathOf("in")).FullName;

        List<string> files = [];
        await foreach (string one in client.RetrieveAsync("1.2", null, null, target, DicomFolder.Token))
        {
            files.Add(Path.GetFileName(one));
        }

        files.ShouldBe(["1.2.3.4.dcm"]);
        (await File.ReadAllBytesAsync(Path.Combine(target, "1.2.3.4.dcm"), DicomFolder.Token)).ShouldBe(file);
        await Should.ThrowAsync<UnavailableException>(async () =>
        {
            await foreach (string _ in client.RetrieveAsync("1.9", null, null, target, DicomFolder.Token))
            {
            }
        });
        Directory.GetFiles(target).Length.ShouldBe(1);
        await Should.ThrowAsync<InvalidInputException>(async () =>
        {
            await foreach (string _ in client.RetrieveAsync("../..", null, null, target, DicomFolder.Token))
            {
            }
        });
    }

    [Theory]
    [InlineData("http://archive.example/dicom-web", null, "address: got http to another machine")]
    [InlineData("ftp://archive.example/", null, "address: got another address")]
    [InlineData("https://me:secret@archive.example/", null, "without a password")]
    public void Client_OfAServerThatIsNotSafe_IsRefused(string address, string? token, string why)
    {
        InvalidInputException error = Should.Throw<InvalidInputException>(() => new DicomWebClient(new DicomWebServer { Address = new Uri(address), TokenFile = token }));
        string.Join(' ', error.Violations.Select(one => $"{one.Field}: {one.Description}")).ShouldContain(why);
    }

    [Fact]
    public void Client_WithATokenInClearText_IsRefused() =>
        Should.Throw<InvalidInputException>(() => new DicomWebClient(new DicomWebServer
        {
            Address = new Uri("http://archive.example/"), AllowInsecure = true, TokenFile = "token",
        })).Violations.ShouldContain(one => one.Field == "token_file");

    [Fact, Long]
    public async Task Client_OfOrthanc_StoresQueriesAndRetrieves()
    {
        using OrthancServer orthanc = await OrthancServer.StartAsync();
        using DicomWebClient client = new(new DicomWebServer { Address = orthanc.DicomWeb });
        List<SourceObject> sent = [];
        foreach (string name in new[] { "tee_colour.dcm", "prostate_dwi_slice.dcm", "echo_stress_09.dcm", "ct1_j2k_lossy.dcm" })
        {
            (await client.StoreAsync(DicomFolder.Fixture(name), DicomFolder.Token)).ShouldBeTrue(name);
            (await client.StoreAsync(DicomFolder.Fixture(name), DicomFolder.Token)).ShouldBeFalse(name);
            using DicomFile file = DicomFile.Open(DicomFolder.Fixture(name));
            sent.Add(SourceObject.Of(file.DataSet)!);
        }

        IReadOnlyList<DicomDataSet> studies = await client.QueryAsync(new DicomQuery { Level = DicomLevel.Studies }, DicomFolder.Token);
        studies.Select(one => one.Text(new(0x0020_000D))).ShouldBe(sent.Select(one => one.Study).Distinct(), ignoreOrder: true);
        (await client.QueryAsync(
            new DicomQuery { Level = DicomLevel.Series, Match = new Dictionary<DicomTag, string> { [new(0x0008_0060)] = "CT" } }, DicomFolder.Token))
            .ShouldHaveSingleItem().Text(new(0x0020_000E)).ShouldBe(sent[3].Series);

        SourceObject echo = sent[2];
        (await client.ReadMetadataAsync(echo.Study, null, null, DicomFolder.Token)).ShouldHaveSingleItem().Text(new(0x0008_0018)).ShouldBe(echo.SopInstance);
        string target = Directory.CreateDirectory(_folder.PathOf("in")).FullName;
        await foreach (string path in client.RetrieveAsync(echo.Study, echo.Series, echo.SopInstance, target, DicomFolder.Token))
        {
            (await DicomFolder.FrameAsync(path, 0)).ShouldBe(await DicomFolder.FrameAsync(DicomFolder.Fixture("echo_stress_09.dcm"), 0));
        }

        Directory.GetFiles(target).ShouldHaveSingleItem();
        (await client.ReadFramesAsync(echo.Study, echo.Series, echo.SopInstance, [1, 2], DicomFolder.Token)).Count.ShouldBe(2);
        RetrievedPart picture = await client.ReadRenderedAsync(sent[1].Study, sent[1].Series, sent[1].SopInstance, null, DicomFolder.Token);
        picture.MediaType.ShouldStartWith("image/");
        picture.Bytes.Length.ShouldBeGreaterThan(100);
        await Should.ThrowAsync<FailedPreconditionException>(() => client.ReadMetadataAsync("1.2.3.999", null, null, DicomFolder.Token));
    }

    private static byte[] Body(byte[] file) =>
        [.. "--b\r\nContent-Type: application/dicom\r\nContent-Location: ../../etc/passwd\r\n\r\n"u8, .. file, .. "\r\n--b--"u8];

    private string Object()
    {
        DicomDataSet set = DicomFolder.Grey();
        set.SetText(new(0x0008_0018), "1.2.3.4");
        set.SetText(new(0x0020_000D), "1.2");
        set.SetText(new(0x0020_000E), "1.2.3");
        return _folder.Write(set);
    }
}
