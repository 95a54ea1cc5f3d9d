using System.Text.Json;
using MedGen.Client;
using MedGen.Dicom.Web;
using MedGen.Host.Tests.Access;
using MedGen.Protos.V1;

namespace MedGen.Host.Tests.Dicom;

/// <summary>The client's calls of the Dicom service, with another host for the archive.</summary>
public sealed class DicomClientTests : IDisposable
{
    private readonly AccessFolder _files = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-dicom-client-").FullName;

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Client_SearchesSendsAndFetches()
    {
        await using RunningHost archive = await RunningHost.StartAsync(options => options with { DicomWeb = true });
        string rules = _files.Write(
            "rules.json",
            $$"""
            { "quiet_time_seconds": 7, "archives": [{"name": "pacs", "address": "{{new Uri(archive.Endpoints.Http, "dicom-web")}}"}],
              "rules": [{"name": "none", "modalities": ["XX"], "task": "brightness"}] }
            """);
        await using RunningHost host = await RunningHost.StartAsync(options => options with { DicomWeb = true, DicomRulesFile = rules });
        DicomClient client = host.Client.Dicom;
        using DicomWebClient modality = DicomClips.Client(host);
        using DicomWebClient other = DicomClips.Client(archive);
        await modality.StoreAsync(DicomClips.Write(_folder, "1.2.3"), RunningHost.Token);
        await other.StoreAsync(DicomClips.Write(_folder, "4.5.6"), RunningHost.Token);

        RetrieveFromArchiveResponse fetched = await client.RetrieveAsync(new() { Archive = "pacs", Study = "4.5.6" }, RunningHost.Token);
        IReadOnlyList<string> here = await client.QueryAsync(new() { Match = { ["ModalitiesInStudy"] = "US" } }, RunningHost.Token);
        Artifact own = (await host.Client.Artifacts.ListAsync(cancellationToken: RunningHost.Token).ToListAsync(RunningHost.Token))
            .Single(one => one.ArtifactId != fetched.Artifacts.Single().ArtifactId);
        IReadOnlyList<DicomDelivery> sent = await client.SendAsync("pacs", [own.ArtifactId], RunningHost.Token);
        QueryDicomRequest instances = new() { Level = MedGen.Protos.V1.DicomLevel.Instances, Study = "1.2.3" };
        while ((await client.QueryArchiveAsync("pacs", instances, RunningHost.Token)).Count == 0)
        {
            await Task.Delay(50, RunningHost.Token);
        }

        here.Select(one => JsonDocument.Parse(one).RootElement.GetProperty("0020000D").GetProperty("Value")[0].GetString()).ShouldBe(["1.2.3", "4.5.6"], ignoreOrder: true);
        fetched.Refused.ShouldBe(0);
        sent.Single().ArtifactId.ShouldBe(own.ArtifactId);
        ListDicomRulesResponse inForce = await client.ListRulesAsync(RunningHost.Token);
        inForce.QuietTimeSeconds.ShouldBe(7);
        inForce.Archives.ShouldBe(["pacs"]);
        (await client.ListStudiesAsync("1.2.3", cancellationToken: RunningHost.Token)).Single().Study.ShouldBe("1.2.3");
        (await client.ListStudiesAsync(limit: 1, cancellationToken: RunningHost.Token)).Count.ShouldBe(1);
        (await Should.ThrowAsync<MedGenRpcException>(() => client.QueryArchiveAsync("attic", instances, RunningHost.Token))).Message.ShouldContain("attic");
    }
}
