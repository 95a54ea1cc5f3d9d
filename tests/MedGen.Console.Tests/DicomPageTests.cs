using MedGen.Application.Access;
using MedGen.Application.Dicom;
using MedGen.Dicom.Web;
using MedGen.Host;
using MedGen.Host.Tests.Dicom;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Console.Tests;

/// <summary>The page of DICOM rules and studies.</summary>
public sealed class DicomPageTests : IDisposable
{
    private static readonly ItemView All = new() { Tenant = null, Owner = null, Caller = new Caller { Name = "somebody", Roles = [Role.Administrator] } };

    private readonly AccessFolder _files = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-dicom-page-").FullName;

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Dicom_WithoutRules_SaysWhatThatMeans()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { Console = true });
        using ConsoleClient somebody = new(host);

        string page = await somebody.ReadAsync("/dicom");

        page.ShouldContain("This host has no rules file");
        page.ShouldContain("No study has come for the rules yet");
    }

    [Fact]
    public async Task Dicom_ShowsRulesAndStudies_AndItsOwnerSendsAgainWhatWasRefused()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with
        {
            Console = true, DicomWeb = true, DicomRulesFile = Rules(),
            TokenFile = _files.Keys(Tokens.Key("ann", ["operator"]), Tokens.Key("cleo", ["operator"])),
        });
        (DicomStudy study, string result) = await AnalyseAsync(host, "1.2.3");
        await DeliverAsync(host, study, result, DicomDeliveryState.Refused);
        using ConsoleClient ann = await SignInAsync(host, "ann");
        using ConsoleClient cleo = await SignInAsync(host, "cleo");

        string page = await ann.ReadAsync("/dicom");
        string others = await cleo.ReadAsync("/dicom");
        others.ShouldContain("1.2.3");
        others.ShouldNotContain("send-" + study.Id);
        (await ann.ReadAsync("/dicom?study=9.9")).ShouldContain("No study like this");
        (await ann.ReadAsync("/dicom?study=" + study.Study)).ShouldContain($"/console/files/{result}");
        await ann.SubmitAsync("/dicom", "send-" + study.Id);

        page.ShouldContain("modality US; series like *four chamber*");
        page.ShouldContain("complete when nothing of it has come for 1 s. Archives: pacs.");
        page.ShouldContain("brightness, each instance is a clip");
        page.ShouldContain("/jobs/" + study.Tasks[0].JobId);
        page.ShouldContain("Refused: REFUSED_0111");
        page.ShouldContain("href=\"dicom\"");
        (await DeliveriesAsync(host, study)).Single().State.ShouldBe(DicomDeliveryState.Waiting);
        (await ann.ReadAsync("/dicom")).ShouldNotContain("send-" + study.Id);
    }

    /// <summary>A study comes in from ann and is analysed.</summary>
    private async Task<(DicomStudy Study, string Result)> AnalyseAsync(RunningHost host, string uid)
    {
        using DicomWebClient modality = DicomClips.Client(host, _files.Write("ann.token", Tokens.Of("ann")));
        await modality.StoreAsync(DicomClips.Write(_folder, uid), RunningHost.Token);
        IDicomStore store = host.Services.GetRequiredService<IDicomStore>();
        using PeriodicTimer ask = new(TimeSpan.FromMilliseconds(100));
        while (await ask.WaitForNextTickAsync(RunningHost.Token))
        {
            if (await store.ListStudiesAsync(All, uid, 1, RunningHost.Token) is [{ State: DicomStudyState.Done } study])
            {
                return (study, study.Tasks.Single().ResultArtifacts.Single());
            }
        }

        throw new OperationCanceledException();
    }

    private static Task DeliverAsync(RunningHost host, DicomStudy study, string result, DicomDeliveryState state) =>
        host.Services.GetRequiredService<IDicomStore>().AddDeliveriesAsync(
            [
                new DicomDelivery
                {
                    Id = Guid.NewGuid().ToString("N"), Owner = study.Owner, Tenant = study.Tenant, Archive = "pacs", ArtifactId = result, Study = study.Study,
                    Instance = "1.2.3.4", State = state, Failure = "REFUSED_0111", Attempts = 1, CreatedAt = study.LastReceivedAt,
                },
            ],
            RunningHost.Token);

    private static Task<IReadOnlyList<DicomDelivery>> DeliveriesAsync(RunningHost host, DicomStudy study) =>
        host.Services.GetRequiredService<IDicomStore>().ListDeliveriesAsync(study.Owner, study.Tenant, study.Study, RunningHost.Token);

    private static async Task<ConsoleClient> SignInAsync(RunningHost host, string name)
    {
        ConsoleClient client = new(host);
        await client.SignInAsync(Tokens.Of(name));
        return client;
    }

    // Nobody listens there: what is sent waits.
    private string Rules() => _files.Write(
        "rules.json",
        """
        {
          "quiet_time_seconds": 1,
          "archives": [{"name": "pacs", "address": "http://127.0.0.1:1/dicom-web"}],
          "rules": [{"name": "echo", "modalities": ["US"], "series_description": "*four chamber*", "task": "brightness"}]
        }
        """);
}
