using System.Text.Json;
using MedGen.Application.Auditing;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Web;
using MedGen.Dicom.Writing;
using MedGen.Host.Tests.Access;
using MedGen.Media;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Host.Tests.Dicom;

/// <summary>Studies that come in, are analysed as the rules say, and whose results go to an archive: another host.</summary>
public sealed class DicomRulesTests : IDisposable
{
    private readonly AccessFolder _files = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-rules-").FullName;

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Study_ThatARuleMatches_IsAnalysedAndItsResultsReachTheArchive()
    {
        await using RunningHost archive = await RunningHost.StartAsync(options => options with { DicomWeb = true });
        string rules = Rules(archive.Endpoints.Http, """["report", "capture", "film"]""");
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true, DicomRulesFile = rules });
        using DicomWebClient modality = DicomClips.Client(host);
        using DicomWebClient there = DicomClips.Client(archive);

        await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3", "US", frames: 3), RunningHost.Token);
        await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3", "CT"), RunningHost.Token);
        JsonElement study = await EndOfAsync(host, "1.2.3");

        study.GetProperty("state").GetString().ShouldBe("DICOM_STUDY_STATE_DONE");
        study.GetProperty("tasks").GetArrayLength().ShouldBe(1); // the CT matches no rule
        study.GetProperty("deliveries").EnumerateArray().Select(one => one.GetProperty("state").GetString())
            .ShouldBe(Enumerable.Repeat("DICOM_DELIVERY_STATE_SENT", 3));
        IReadOnlyList<DicomDataSet> results = await DicomWebTests.QueryAsync(there, DicomLevel.Instances, (0x0020_000D, "1.2.3"));
        results.Select(one => one.Text(new(0x0008_0016))).ShouldBe(
            ["1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.7.4", "1.2.840.10008.5.1.4.1.1.77.1.4.1"], ignoreOrder: true);
        results.ShouldAllBe(one => one.Text(new(0x0010_0010)) == "Doe^Jane" && one.Text(new(0x0008_0020)) == "20260102");
        (await DicomWebTests.QueryAsync(modality, DicomLevel.Instances)).Count.ShouldBe(5); // they are listed here, too
        IReadOnlyList<AuditRecord> audit = await host.Services.GetRequiredService<IAuditLog>().ReadAsync(new AuditQuery { PageSize = 500 }, RunningHost.Token);
        audit.ShouldContain(record => record.Entry.Action == "DicomStudyEnded" && record.Entry.Outcome == "ok" && !record.Entry.Subject.Contains("1.2.3"));

        // One more instance, later: only it is analysed.
        await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3", "US"), RunningHost.Token);
        (await EndOfAsync(host, "1.2.3", tasks: 2)).GetProperty("deliveries").GetArrayLength().ShouldBe(6);
    }

    [Fact]
    public async Task Slices_OfARuleForSeries_AreOneClipInTheOrderOfTheirPlaces()
    {
        await using RunningHost archive = await RunningHost.StartAsync(options => options with { DicomWeb = true });
        string rules = Rules(archive.Endpoints.Http, """["report", "film"], "unit": "series" """);
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true, DicomRulesFile = rules });
        using DicomWebClient modality = DicomClips.Client(host);
        using DicomWebClient there = DicomClips.Client(archive);

        foreach (int place in new[] { 20, 0, 30, 10 })
        {
            await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3", grey: (byte)(place * 5), place: place), RunningHost.Token);
        }

        await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3", frames: 3), RunningHost.Token);
        JsonElement study = await EndOfAsync(host, "1.2.3", tasks: 2);

        study.GetProperty("state").GetString().ShouldBe("DICOM_STUDY_STATE_DONE", study.GetRawText());
        study.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("sliceArtifactIds").GetArrayLength()).ShouldBe([3, 0]);
        (await host.Http.GetStringAsync("v1/dicom/rules", RunningHost.Token)).ShouldContain("DICOM_UNIT_SERIES");
        string[] made = [.. (await DicomWebTests.QueryAsync(there, DicomLevel.Instances, (0x0020_000D, "1.2.3"))).Select(one => one.Text(new(0x0008_0018)))];
        made.Length.ShouldBe(4);
        List<(int Slices, byte[] Greys)> results = [];
        await foreach (string path in there.RetrieveAsync("1.2.3", null, null, _folder, RunningHost.Token))
        {
            using DicomFile file = DicomFile.Open(path);
            int slices = file.DataSet.Items(new(0x0040_A375)).SelectMany(one => one.Items(new(0x0008_1115))).SelectMany(one => one.Items(new(0x0008_1199))).Count();
            results.Add((slices, slices == 0 ? await GreysAsync(host, path) : []));
        }

        results.Select(one => one.Slices).Order().ShouldBe([0, 0, 1, 4]);
        results.Single(one => one.Greys.Length == 4).Greys.ShouldBeInOrder();

        // One more slice, later: the series is analysed anew, as a whole.
        await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3", place: 40), RunningHost.Token);
        (await EndOfAsync(host, "1.2.3", tasks: 3)).GetProperty("tasks")[2].GetProperty("sliceArtifactIds").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task Slices_OfDifferentSizes_FailByNameAndWithoutHurtToTheRest()
    {
        await using RunningHost archive = await RunningHost.StartAsync(options => options with { DicomWeb = true });
        string rules = Rules(archive.Endpoints.Http, """["report"], "unit": "series" """);
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true, DicomRulesFile = rules });
        using DicomWebClient modality = DicomClips.Client(host);

        await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3", place: 0), RunningHost.Token);
        await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3", place: 10, side: 16), RunningHost.Token);
        await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3", frames: 3), RunningHost.Token);
        JsonElement study = await EndOfAsync(host, "1.2.3", tasks: 2);

        study.GetProperty("state").GetString().ShouldBe("DICOM_STUDY_STATE_FAILED");
        study.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("failure").GetString()).ShouldBe(["MEDIA_UNREADABLE", ""]);
    }

    [Fact, Long]
    public async Task Results_WhileTheArchiveIsAway_WaitOverARestartAndArriveOnce()
    {
        int port = FreePort();
        RunningHost archive = await RunningHost.StartAsync(options => options with { DicomWeb = true, HttpPort = port });
        await using RunningHost ends = archive;
        string rules = Rules(archive.Endpoints.Http, """["report"]""");
        await archive.StopHostAsync();
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true, DicomRulesFile = rules });
        using (DicomWebClient modality = DicomClips.Client(host))
        {
            await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3"), RunningHost.Token);
        }

        await ForAsync(host, "1.2.3", one => one.GetProperty("deliveries").EnumerateArray().Any(delivery => delivery.GetProperty("attempts").GetInt32() > 0));
        await host.StopHostAsync();
        await archive.StartHostAsync();
        await host.StartHostAsync();

        (await EndOfAsync(host, "1.2.3")).GetProperty("state").GetString().ShouldBe("DICOM_STUDY_STATE_DONE");
        using DicomWebClient there = DicomClips.Client(archive);
        (await DicomWebTests.QueryAsync(there, DicomLevel.Instances)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Archive_ThatRefusesForGood_IsAskedOnce()
    {
        await using RunningHost archive = await RunningHost.StartAsync(); // no DICOMweb: 404
        string rules = Rules(archive.Endpoints.Http, """["report"]""");
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true, DicomRulesFile = rules });
        using DicomWebClient modality = DicomClips.Client(host);

        await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3"), RunningHost.Token);
        JsonElement study = await EndOfAsync(host, "1.2.3");

        study.GetProperty("state").GetString().ShouldBe("DICOM_STUDY_STATE_FAILED");
        JsonElement delivery = study.GetProperty("deliveries").EnumerateArray().ShouldHaveSingleItem();
        (delivery.GetProperty("state").GetString(), delivery.GetProperty("attempts").GetInt32(), delivery.GetProperty("failure").GetString())
            .ShouldBe(("DICOM_DELIVERY_STATE_REFUSED", 1, "ARCHIVE_NOT_FOUND"));
    }

    [Fact]
    public async Task Rpcs_OfAnArchive_QueryRetrieveAndSend()
    {
        await using RunningHost archive = await RunningHost.StartAsync(options => options with { DicomWeb = true });
        string rules = Rules(archive.Endpoints.Http, """["report"]""");
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomRulesFile = rules });
        using (DicomWebClient there = DicomClips.Client(archive))
        {
            await there.StoreAsync(DicomClips.Write(_folder, "1.2.3", "CT"), RunningHost.Token);
        }

        JsonElement found = await PostAsync(host, "archives/pacs:query", """{"query": {"match": {"Modality": "CT"}, "level": "DICOM_LEVEL_SERIES"}}""");
        found.GetProperty("dataSets").EnumerateArray().ShouldHaveSingleItem().GetString()!.ShouldContain("1.2.3");
        JsonElement fetched = await PostAsync(host, "archives/pacs:retrieve", """{"study": "1.2.3"}""");
        string id = fetched.GetProperty("artifacts").EnumerateArray().ShouldHaveSingleItem().GetProperty("artifactId").GetString()!;
        (await PostAsync(host, "archives/pacs:retrieve", """{"study": "1.2.3"}""")).GetProperty("artifacts")[0].GetProperty("artifactId").GetString().ShouldBe(id);
        (await PostAsync(host, ":query", "{}", root: "v1/dicom")).GetProperty("dataSets").GetArrayLength().ShouldBe(1);
        (await PostAsync(host, "archives/pacs:send", $$"""{"artifactIds": ["{{id}}"]}""")).GetProperty("deliveries")[0].GetProperty("artifactId").GetString().ShouldBe(id);
        using HttpResponseMessage unknown = await host.Http.PostAsync("v1/dicom/archives/none:query", new StringContent("{}", null, "application/json"), RunningHost.Token);
        unknown.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await host.Http.GetStringAsync("v1/dicom/rules", RunningHost.Token)).ShouldContain("\"pacs\"");
    }

    [Fact]
    public async Task RulesFile_ThatChanges_IsReadAgainAndABadOneLeavesTheOldInForce()
    {
        string rules = Rules(new Uri("http://127.0.0.1:9/"), """["report"]""");
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomRulesFile = rules });
        host.ExpectsErrors = true;

        _files.Write("rules.json", """{"rules": [{"name": "other", "task": "brightness"}]}""");
        (await host.Http.GetStringAsync("v1/dicom/rules", RunningHost.Token)).ShouldContain("\"other\"");
        _files.Write("rules.json", """{"rules": [{"name": "Bad Name", "task": "brightness", "send_to": ["nobody"]}]}""");
        (await host.Http.GetStringAsync("v1/dicom/rules", RunningHost.Token)).ShouldContain("\"other\"");
    }

    [Theory]
    [InlineData("""{"quiet_time_seconds": 0}""", "quiet_time_seconds")]
    [InlineData("""{"colour": "red"}""", "colour")]
    [InlineData("""{"rules": [{"name": "a", "task": "x", "send_to": ["none"]}]}""", "rules[0].send_to")]
    [InlineData("""{"rules": [{"name": "a", "task": "x", "results": []}]}""", "rules[0].results")]
    [InlineData("""{"archives": [{"name": "a", "address": "http://pacs.example/"}]}""", "archives[0].address")]
    [InlineData("""{"archives": [{"name": "a", "address": "https://pacs.example/", "token_file": "none"}]}""", "archives[0].token_file")]
    [InlineData("""{"archives": [{"name": "a", "address": "https://a/"}, {"name": "a", "address": "https://b/"}]}""", "archives: got a name twice")]
    public void Check_OfAWrongRulesFile_NamesTheField(string content, string field)
    {
        string path = _files.Write("rules.json", content);
        MedGenHostOptions options = new() { DataFolder = _folder, PluginFolders = [], DicomRulesFile = path };

        Should.Throw<FailedPreconditionException>(() => MedGenHost.Check(options)).ToString().ShouldContain(field);
    }

    internal static Task<JsonElement> EndOfAsync(RunningHost host, string study, int tasks = 1, int tries = 300) => ForAsync(host, study, one =>
        one.GetProperty("state").GetString() is "DICOM_STUDY_STATE_DONE" or "DICOM_STUDY_STATE_FAILED" && one.GetProperty("tasks").GetArrayLength() >= tasks, tries);

    internal static async Task<JsonElement> ForAsync(RunningHost host, string study, Func<JsonElement, bool> until, int tries = 300)
    {
        using PeriodicTimer ask = new(TimeSpan.FromMilliseconds(100));
        string json = "";
        for (int i = 0; i < tries && await ask.WaitForNextTickAsync(RunningHost.Token); i++)
        {
            json = await host.Http.GetStringAsync($"v1/dicom/studies?study={study}", RunningHost.Token);
            foreach (JsonElement one in JsonDocument.Parse(json).RootElement.GetProperty("studies").EnumerateArray().Where(until))
            {
                return one;
            }
        }

        throw new InvalidOperationException($"The study did not come so far: {json}");
    }

    private static async Task<byte[]> GreysAsync(RunningHost host, string path)
    {
        List<byte> greys = [];
        IVideoClip clip = await host.Services.GetRequiredService<IVideoReader>().OpenAsync(path, RunningHost.Token);
        await foreach (VideoFrame frame in clip.ReadFramesAsync(FrameSampling.All, RunningHost.Token))
        {
            using (frame)
            {
                greys.Add(frame.Pixels.Span[0]);
            }
        }

        return [.. greys];
    }

    private string Rules(Uri archive, string results) => _files.Write(
        "rules.json",
        $$"""
        {
          "quiet_time_seconds": 1,
          "archives": [{"name": "pacs", "address": "{{new Uri(archive, "dicom-web")}}"}],
          "rules": [
            {"name": "echo", "modalities": ["US"], "series_description": "*four chamber*", "task": "brightness", "results": {{results}}, "send_to": ["pacs"]}
          ]
        }
        """);

    private static async Task<JsonElement> PostAsync(RunningHost host, string path, string json, string root = "v1/dicom/")
    {
        using StringContent body = new(json, null, "application/json");
        using HttpResponseMessage answer = await host.Http.PostAsync(root + path, body, RunningHost.Token);
        string text = await answer.Content.ReadAsStringAsync(RunningHost.Token);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
