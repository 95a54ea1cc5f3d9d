using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MedGen.Dicom.DataSets;
using MedGen.Dicom.Dimse;
using MedGen.Dicom.Web;
using MedGen.Dicom.Writing;
using MedGen.Host.Tests.Access;

namespace MedGen.Host.Tests.Dicom;

/// <summary>The host and Orthanc, each as the other's peer.</summary>
[Long]
public sealed class OrthancTests : IDisposable
{
    private readonly AccessFolder _files = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-peers-").FullName;

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Orthanc_StoresQueriesAndRetrievesHere()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true });
        using OrthancServer orthanc = await OrthancServer.StartAsync(new Dictionary<string, object>
        {
            ["DicomWeb"] = new Dictionary<string, object>
            {
                ["Enable"] = true, ["Root"] = "/dicom-web/",
                ["Servers"] = new Dictionary<string, object> { ["medgen"] = new[] { new Uri(host.Endpoints.Http, "dicom-web/").ToString() } },
            },
        });
        string[] files = [DicomClips.Fixture("echo_stress_09.dcm"), DicomClips.Fixture("tee_colour.dcm"), DicomClips.Fixture("ct1_j2k_lossy.dcm")];
        List<string> studies = [];
        using (DicomWebClient there = new(new DicomWebServer { Address = orthanc.DicomWeb }))
        {
            foreach (string file in files)
            {
                await there.StoreAsync(file, RunningHost.Token);
                studies.Add(DicomClips.IdentityOf(file).Study);
            }
        }

        JsonElement instances = await orthanc.GetAsync("instances");
        await orthanc.PostAsync("dicom-web/servers/medgen/stow", JsonSerializer.Serialize(new { Resources = instances, Synchronous = true }));

        using DicomWebClient here = DicomClips.Client(host);
        (await DicomWebTests.QueryAsync(here, DicomLevel.Studies)).Select(one => one.Text(new(0x0020_000D))).ShouldBe(studies, ignoreOrder: true);
        string listed = await orthanc.PostAsync("dicom-web/servers/medgen/qido", """{"Uri": "/studies", "Arguments": {"00080061": "CT"}}""");
        JsonDocument.Parse(listed).RootElement.EnumerateArray().ShouldHaveSingleItem().GetRawText().ShouldContain(studies[2]);

        foreach (JsonElement study in (await orthanc.GetAsync("studies")).EnumerateArray().ToList())
        {
            await orthanc.DeleteAsync($"studies/{study.GetString()}");
        }

        await orthanc.PostAsync("dicom-web/servers/medgen/retrieve", JsonSerializer.Serialize(new { Resources = studies.Select(study => new { Study = study }), Synchronous = true }));
        (await orthanc.GetAsync("instances")).GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Study_FromOrthancByDimse_IsAnalysedAndItsResultsAreListedThere()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/storescp"), "DCMTK is not installed (apt-get install dcmtk).");
        int port = FreePort();
        using OrthancServer orthanc = await OrthancServer.StartAsync(new Dictionary<string, object>
        {
            ["DicomModalities"] = new Dictionary<string, object> { ["medgen"] = new object[] { "MEDGEN", "127.0.0.1", port } },
        });
        string rules = Rules(orthanc.DicomWeb, """["report", "capture", "film"]""", """ "source_aes": ["ARCHIVE"], """);
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true, DicomRulesFile = rules });
        string spool = Directory.CreateDirectory(Path.Combine(_folder, "spool")).FullName;
        using StoreReceiver receiver = StoreReceiver.Start(new StoreReceiverOptions { Title = "MEDGEN", Port = port, Folder = spool });
        using DicomWebClient here = DicomClips.Client(host);
        using DicomWebClient there = new(new DicomWebServer { Address = orthanc.DicomWeb });
        string echo = DicomClips.Fixture("echo_stress_09.dcm");
        SourceObject identity = DicomClips.IdentityOf(echo);
        await there.StoreAsync(echo, RunningHost.Token);
        string id = (await orthanc.GetAsync("instances"))[0].GetString()!;

        await UntilItListensAsync(port);
        await orthanc.PostAsync("modalities/medgen/store", id);
        FolderForwarder forwarder = new(spool, here, receiver.IsWhole, keepSent: false, ["ARCHIVE"], TimeProvider.System);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(500));
        for (int tries = 0; tries < 40 && forwarder.Sent == 0 && await look.WaitForNextTickAsync(RunningHost.Token); tries++)
        {
            await forwarder.LookAsync(RunningHost.Token);
        }

        (forwarder.Sent, forwarder.Dropped).ShouldBe((1, 0));
        JsonElement study = await DicomRulesTests.EndOfAsync(host, identity.Study);

        study.GetProperty("state").GetString().ShouldBe("DICOM_STUDY_STATE_DONE", study.GetRawText());
        IReadOnlyList<DicomDataSet> listed = await there.QueryAsync(new DicomQuery { Level = DicomLevel.Series, Study = identity.Study }, RunningHost.Token);
        listed.Count.ShouldBe(4);
        listed.Select(one => one.Text(new(0x0008_0060))).Order().ShouldBe(["SR", "US", "US", "XC"]);
        JsonElement patients = await orthanc.GetAsync("patients");
        patients.GetArrayLength().ShouldBe(1); // results are the same patient's, and of the one study
        (await orthanc.GetAsync("studies")).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Archive_KilledAmidManyStudies_HasAllOfThemInTheEndAndNoneTwice()
    {
        const int Studies = 24;
        using OrthancServer orthanc = await OrthancServer.StartAsync();
        string rules = Rules(orthanc.DicomWeb, """["report"]""", "");
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true, DicomRulesFile = rules });
        using DicomWebClient here = DicomClips.Client(host);
        for (int i = 0; i < Studies; i++)
        {
            await here.StoreAsync(DicomClips.Write(_folder, $"1.2.3.{i + 1}"), RunningHost.Token);
            if (i == Studies / 2)
            {
                orthanc.Kill();
            }
        }

        await DicomRulesTests.ForAsync(host, "1.2.3.1", one => one.GetProperty("deliveries").GetArrayLength() == 1);
        await orthanc.StartProcessAsync();
        for (int i = 0; i < Studies; i++)
        {
            (await DicomRulesTests.EndOfAsync(host, $"1.2.3.{i + 1}", tries: 1500)).GetProperty("state").GetString().ShouldBe("DICOM_STUDY_STATE_DONE");
        }

        (await orthanc.GetAsync("studies")).GetArrayLength().ShouldBe(Studies);
        (await orthanc.GetAsync("instances")).GetArrayLength().ShouldBe(Studies);
    }

    private string Rules(Uri archive, string results, string more) => _files.Write(
        "rules.json",
        $$"""
        {
          "quiet_time_seconds": 1,
          "archives": [{"name": "pacs", "address": "{{archive}}"}],
          "rules": [{"name": "all", "modalities": ["US"],{{more}} "task": "brightness", "results": {{results}}, "send_to": ["pacs"]}]
        }
        """);

    private static async Task UntilItListensAsync(int port)
    {
        using PeriodicTimer ask = new(TimeSpan.FromMilliseconds(100));
        for (int tries = 0; tries < 100 && await ask.WaitForNextTickAsync(RunningHost.Token); tries++)
        {
            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(IPAddress.Loopback, port, RunningHost.Token);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
