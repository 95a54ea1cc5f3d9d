using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Dicom.Writing;
using MedGen.Host.Tests.Access;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Logging;

namespace MedGen.Host.Tests.Dicom;

/// <summary>The host as a DICOMweb server, asked by our own client.</summary>
public sealed class DicomWebTests : IDisposable
{
    private readonly AccessFolder _files = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-dicomweb-").FullName;

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Store_QueryAndRetrieve_GiveWhatWasStored()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true });
        using DicomWebClient client = DicomClips.Client(host);
        string[] files = [DicomClips.Fixture("echo_stress_09.dcm"), DicomClips.Fixture("prostate_dwi_slice.dcm"), DicomClips.Write(_folder, "1.2.3")];
        foreach (string file in files)
        {
            (await client.StoreAsync(file, RunningHost.Token)).ShouldBeTrue();
            (await client.StoreAsync(file, RunningHost.Token)).ShouldBeFalse();
        }

        (await QueryAsync(client, DicomLevel.Studies)).Count.ShouldBe(3);
        DicomDataSet study = (await QueryAsync(client, DicomLevel.Studies, (0x0010_0010, "doe*"), (0x0008_0020, "20260101-20260131"))).ShouldHaveSingleItem();
        (study.Text(new(0x0020_000D)), study.Text(new(0x0008_0061)), study.Whole(new(0x0020_1208))).ShouldBe(("1.2.3", "US", 1));
        (await QueryAsync(client, DicomLevel.Series, (0x0008_0060, "MR"))).ShouldHaveSingleItem();
        (await QueryAsync(client, DicomLevel.Studies, (0x0008_0020, "20260103-"))).ShouldNotContain(one => one.Text(new(0x0020_000D)) == "1.2.3");

        SourceObject echo = DicomClips.IdentityOf(files[0]);
        string target = Directory.CreateDirectory(Path.Combine(_folder, "in")).FullName;
        await foreach (string path in client.RetrieveAsync(echo.Study, null, null, target, RunningHost.Token))
        {
            File.ReadAllBytes(path).ShouldBe(File.ReadAllBytes(files[0]));
        }

        Directory.GetFiles(target).ShouldHaveSingleItem();
        (await client.ReadMetadataAsync(echo.Study, echo.Series, echo.SopInstance, RunningHost.Token)).ShouldHaveSingleItem()
            .Text(new(0x0008_0018)).ShouldBe(echo.SopInstance);
        SourceObject own = DicomClips.IdentityOf(files[2]);
        IReadOnlyList<RetrievedPart> frames = await client.ReadFramesAsync(own.Study, own.Series, own.SopInstance, [2, 1], RunningHost.Token);
        frames.ShouldAllBe(frame => frame.MediaType == "application/octet-stream" && frame.Bytes.Length == 64);
        RetrievedPart picture = await client.ReadRenderedAsync(own.Study, own.Series, own.SopInstance, 1, RunningHost.Token);
        (picture.MediaType, picture.Bytes.Span[1]).ShouldBe(("image/png", (byte)'P'));

        host.Lines.Where(line => line.Level > LogLevel.Debug).ShouldNotContain(line => line.Text.Contains("Doe") || line.Text.Contains("P-17") || line.Text.Contains(own.SopInstance));
    }

    [Fact]
    public async Task Store_OfSeveralParts_AnswersForEach()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true });
        string first = DicomClips.Write(_folder, "1.2.3", instance: "1.2.3.9");
        string another = DicomClips.Write(_folder, "1.2.3", instance: "1.2.3.9", grey: 90);

        (HttpStatusCode status, JsonElement answer) = await StoreAsync(host, "studies", File.ReadAllBytes(first), "no DICOM"u8.ToArray(), File.ReadAllBytes(another));

        status.ShouldBe(HttpStatusCode.Accepted);
        StoreAnswer read = StoreAnswer.Read(answer);
        read.Stored.ShouldHaveSingleItem().SopInstance.ShouldBe("1.2.3.9");
        read.Failed.Select(one => one.Reason).ShouldBe([StoreAnswer.CannotUnderstand, StoreAnswer.DuplicateInstance]);
        (await StoreAsync(host, "studies/9.9.9", File.ReadAllBytes(first))).Status.ShouldBe(HttpStatusCode.Conflict);
        StoredFiles(host).ShouldBe(1);
    }

    [Fact]
    public async Task Store_OfAnInstanceWhoseUidHasLeadingZeros_KeepsIt()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true });

        (HttpStatusCode status, JsonElement answer) = await StoreAsync(
            host, "studies", File.ReadAllBytes(DicomClips.Write(_folder, "1.02.3", instance: "1.02.3.007")));

        status.ShouldBe(HttpStatusCode.OK);
        StoreAnswer.Read(answer).Stored.ShouldHaveSingleItem().SopInstance.ShouldBe("1.02.3.007");
    }

    [Theory]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=b", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--")]
    [InlineData("multipart/related; type=\"application/dicom\"; boundary=b", "--b\r\nContent-Type: application/dicom\r\n\r\ncut")]
    [InlineData("application/dicom", "x")]
    public async Task Store_OfAnotherBody_IsRefusedAndLeavesNothing(string type, string body)
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true });
        using ByteArrayContent content = new(Encoding.ASCII.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        using HttpResponseMessage answer = await host.Http.PostAsync("dicom-web/studies", content, RunningHost.Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        StoredFiles(host).ShouldBe(0);
        Directory.GetFiles(Path.Combine(host.Folder, "work")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Store_OverTheLimitOfUploads_IsRefusedForThatInstanceAloneAndLeavesNothing()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true, MaxUploadBytes = 5000 });
        using DicomWebClient client = DicomClips.Client(host);
        string large = DicomClips.Write(_folder, "1.2.3", frames: 100, side: 512);

        (HttpStatusCode status, JsonElement answer) = await StoreAsync(
            host, "studies", new byte[200_000], File.ReadAllBytes(DicomClips.Write(_folder, "1.2.3", instance: "1.2.3.9")));

        // More than fits into the buffers of a connection: the sender has to hear the answer, else it would try again for ever.
        (await Should.ThrowAsync<FailedPreconditionException>(() => client.StoreAsync(large, RunningHost.Token))).Message.ShouldContain("C413");
        status.ShouldBe(HttpStatusCode.Accepted);
        StoreAnswer.Read(answer).Stored.ShouldHaveSingleItem().SopInstance.ShouldBe("1.2.3.9");
        StoreAnswer.Read(answer).Failed.ShouldHaveSingleItem().Reason.ShouldBe(StoreAnswer.TooLarge);
        StoredFiles(host).ShouldBe(1);
        Directory.GetFiles(Path.Combine(host.Folder, "work")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("studies?color=red")]
    [InlineData("studies?PatientWeight=70")]
    [InlineData("studies?limit=many")]
    [InlineData("studies?limit=0")]
    [InlineData("studies/..%2f..%2fetc/series")]
    [InlineData("studies/1.2.3/series/1.2.3.1/instances/1.2.3.9/frames/0")]
    [InlineData("studies/1.2.3/series/1.2.3.1/instances/1.2.3.9/frames/9")]
    public async Task Query_OfWhatIsNotKnown_IsRefused(string path)
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true });
        using DicomWebClient client = DicomClips.Client(host);
        await client.StoreAsync(DicomClips.Write(_folder, "1.2.3", instance: "1.2.3.9"), RunningHost.Token);

        (await host.Http.GetAsync($"dicom-web/{path}", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await host.Http.GetAsync("dicom-web/studies/1.2.4", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Routes_OfAHostThatIsNotAskedForThem_AreNotThere()
    {
        await using RunningHost host = await RunningHost.StartAsync();

        (await host.Http.GetAsync("dicom-web/studies", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Callers_SeeTheirTenantsInstancesOnlyAndStoreByRight()
    {
        string keys = _files.Keys(
            Tokens.Key("anna", ["clinician"], "radiology"), Tokens.Key("vera", ["viewer"], "radiology"), Tokens.Key("otto", ["clinician"], "surgery"));
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true, TokenFile = keys });
        using DicomWebClient anna = DicomClips.Client(host, _files.Write("anna", Tokens.Of("anna")));
        using DicomWebClient vera = DicomClips.Client(host, _files.Write("vera", Tokens.Of("vera")));
        using DicomWebClient otto = DicomClips.Client(host, _files.Write("otto", Tokens.Of("otto")));
        using DicomWebClient stranger = DicomClips.Client(host);
        string file = DicomClips.Write(_folder, "1.2.3", instance: "1.2.3.9");

        (await anna.StoreAsync(file, RunningHost.Token)).ShouldBeTrue();

        (await QueryAsync(vera, DicomLevel.Studies)).ShouldHaveSingleItem();
        (await QueryAsync(otto, DicomLevel.Studies)).ShouldBeEmpty();
        (await Should.ThrowAsync<FailedPreconditionException>(() => otto.ReadMetadataAsync("1.2.3", null, null, RunningHost.Token))).Reason.ShouldBe("ARCHIVE_NOT_FOUND");
        (await Should.ThrowAsync<FailedPreconditionException>(() => vera.StoreAsync(DicomClips.Write(_folder, "1.2.3"), RunningHost.Token))).Message.ShouldContain("403");
        (await Should.ThrowAsync<FailedPreconditionException>(() => QueryAsync(stranger, DicomLevel.Studies))).Message.ShouldContain("401");
        (await otto.StoreAsync(file, RunningHost.Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task Quota_OfACaller_HoldsForStoresToo()
    {
        string keys = _files.Keys(Tokens.Key("anna", ["clinician"]));
        await using RunningHost host = await RunningHost.StartAsync(options => options with
        {
            DicomWeb = true, TokenFile = keys, Jobs = jobs => jobs.MaxStoredBytesPerCaller = 1000,
        });
        using DicomWebClient anna = DicomClips.Client(host, _files.Write("anna", Tokens.Of("anna")));

        await Should.ThrowAsync<UnavailableException>(async () =>
        {
            await anna.StoreAsync(DicomClips.Write(_folder, "1.2.3"), RunningHost.Token);
            await anna.StoreAsync(DicomClips.Write(_folder, "1.2.3"), RunningHost.Token);
        });
    }

    internal static Task<IReadOnlyList<DicomDataSet>> QueryAsync(DicomWebClient client, DicomLevel level, params (uint Tag, string Value)[] match) => client.QueryAsync(
        new DicomQuery { Level = level, Match = match.ToDictionary(one => new DicomTag(one.Tag), one => one.Value) }, RunningHost.Token);

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> StoreAsync(RunningHost host, string path, params byte[][] files)
    {
        using ByteArrayContent content = new(
            [.. files.SelectMany(file => (byte[])[.. "\r\n--b\r\nContent-Type: application/dicom\r\n\r\n"u8, .. file]).Skip(2), .. "\r\n--b--\r\n"u8]);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/related; type=\"application/dicom\"; boundary=b");
        using HttpResponseMessage answer = await host.Http.PostAsync($"dicom-web/{path}", content, RunningHost.Token);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(RunningHost.Token)).RootElement);
    }

    private static int StoredFiles(RunningHost host) => Directory.GetFiles(Path.Combine(host.Folder, "artifacts"), "*", SearchOption.AllDirectories).Length;
}
