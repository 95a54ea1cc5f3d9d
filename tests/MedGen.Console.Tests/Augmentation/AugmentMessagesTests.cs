using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MedGen.Application.Access;
using MedGen.Application.Artifacts;
using MedGen.Application.Augmentation;
using MedGen.Application.Auditing;
using MedGen.Datasets.Running;
using MedGen.Datasets.Writing;
using MedGen.Host;
using MedGen.Sdk.Errors;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Console.Tests.Augmentation;

/// <summary>What the page of augmentation asks of the platform, and what it may not.</summary>
public sealed class AugmentMessagesTests : IDisposable
{
    private const string Manifest = """
        file_name,label,split,source,method,origin,kept,reject_reason,nn_id,nn_distance
        train/real/clips/a.mp4,healthy,train,real,,,true,,,
        train/synthetic/healthy/healthy-000001-classic.mp4,healthy,train,synthetic,classic,altered,true,,clips/a.mp4,0.25
        refused/healthy-000002,healthy,train,synthetic,prompted,generated,false,"privacy: too near, by 0.01",clips/a.mp4,0.01
        train/synthetic/healthy/healthy-000003-classic.mp4,healthy,train,synthetic,classic,altered,true,,clips/elsewhere.mp4,0.5
        """;

    private static readonly Caller Ann = new() { Name = "ann", Roles = [Role.Operator] };
    private static readonly Caller Eve = new() { Name = "eve", Roles = [Role.Operator], Tenant = "elsewhere" };
    private static readonly Caller Vera = new() { Name = "vera", Roles = [Role.Viewer] };

    private readonly AccessFolder _files = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-augment-page-").FullName;

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Check_OfAnArchive_TellsItsClassesAndSplitsAndWhatIsWrong()
    {
        await using RunningHost host = await StartAsync();
        Artifact data = await StoreAsync(host, RepositoryRoot.Path("samples", "datasets", "lung"), synthetic: false);

        DatasetOutline outline = (await SendAsync(host, new CheckAugmentation { DatasetArtifactId = data.Id }, Ann))!;

        (outline.Clips, outline.Groups).ShouldBe((9, 9));
        outline.Classes.Select(one => (one.Name, one.Train + one.Validation + one.Test)).ShouldBe([("healthy", 5), ("pneumonia", 4)]);
        outline.Classes.ShouldAllBe(one => one.Train >= 2 && one.Validation == 1 && one.Test == 1);
        outline.PassedOver.ShouldBe(new Dictionary<string, int> { [".md"] = 1 });
        (await SendAsync(host, new CheckAugmentation(), Ann)).ShouldBeNull();
        (await Should.ThrowAsync<InvalidInputException>(() => SendAsync(host, new CheckAugmentation { Spec = """{ "sead": 1 }""" }, Ann)))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("sead");
        (await Should.ThrowAsync<InvalidInputException>(() => SendAsync(host, new CheckAugmentation { Spec = """{ "methods": [{ "type": "magic" }] }""" }, Ann)))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("methods[0].type");
        (await Should.ThrowAsync<InvalidInputException>(
            () => SendAsync(host, new CheckAugmentation { DatasetArtifactId = data.Id, Spec = """{ "group_column": "ward" }""" }, Ann)))
            .Violations.ShouldHaveSingleItem().Field.ShouldBe("group_column");
        await Should.ThrowAsync<ResourceNotFoundException>(() => SendAsync(host, new CheckAugmentation { DatasetArtifactId = data.Id }, Eve));
        await Should.ThrowAsync<AccessDeniedException>(() => SendAsync(host, new CheckAugmentation(), Vera));
        (await host.Services.GetRequiredService<IAuditLog>().ReadAsync(new AuditQuery { Caller = "eve" }, RunningHost.Token))
            .ShouldHaveSingleItem().Entry.Subject.ShouldBe($"check artifact:{data.Id}");
    }

    [Fact]
    public async Task Folders_AreThoseOfTheCallersTenant_AndNoOthersAreRead()
    {
        string shared = Directory.CreateDirectory(Path.Combine(_folder, "shared")).FullName;
        string elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        string data = Path.Combine(shared, "lung.tar");
        await DatasetTar.PackAsync(RepositoryRoot.Path("samples", "datasets", "lung"), data, RunningHost.Token);
        await using RunningHost host = await StartAsync(options => options with { DatasetFolders = [shared, $"elsewhere={elsewhere}"] });

        (await SendAsync(host, new ListDatasetFolders(), Ann)).ShouldBe([shared]);
        (await SendAsync(host, new ListDatasetFolders(), Eve)).ShouldBe([shared, elsewhere]);
        (await SendAsync(host, new CheckAugmentation { DataFolder = data }, Ann))!.Clips.ShouldBe(9);
        await Should.ThrowAsync<AccessDeniedException>(() => SendAsync(host, new CheckAugmentation { DataFolder = elsewhere }, Ann));
    }

    [Fact]
    public async Task Clips_OfAnArchive_AreListedNearestFirstWithTheirNeighbours()
    {
        await using RunningHost host = await StartAsync();
        Artifact result = await StoreResultAsync(host);
        Artifact upload = await StoreAsync(host, RepositoryRoot.Path("samples", "datasets", "lung"), synthetic: false);

        AugmentedClipPage all = await SendAsync(host, new ListAugmentedClips { ArtifactId = result.Id }, Ann);
        AugmentedClipPage second = await SendAsync(host, new ListAugmentedClips { ArtifactId = result.Id, Kept = true, Skip = 1, PageSize = 1 }, Ann);

        all.Clips.Select(clip => (clip.Kept, clip.NearestDistance, clip.NearestFile)).ShouldBe(
            [(false, 0.01, "train/real/clips/a.mp4"), (true, 0.25, "train/real/clips/a.mp4"), (true, 0.5, null)]);
        all.Clips[0].RejectReason.ShouldBe("privacy: too near, by 0.01");
        (second.Total, second.Clips.ShouldHaveSingleItem().Nearest).ShouldBe((2, "clips/elsewhere.mp4"));
        await Should.ThrowAsync<ResourceNotFoundException>(() => SendAsync(host, new ListAugmentedClips { ArtifactId = result.Id }, Eve));
        (await Should.ThrowAsync<InvalidInputException>(() => SendAsync(host, new ListAugmentedClips { ArtifactId = upload.Id }, Ann)))
            .Message.ShouldContain("got an artifact of the kind Upload");
    }

    [Fact]
    public async Task Files_OfAnArchive_AreForThoseWhoMayDownloadIt()
    {
        string keys = _files.Keys(Tokens.Key("ann", ["operator"]), Tokens.Key("eve", ["operator"], "elsewhere"), Tokens.Key("ada", ["auditor"]));
        await using RunningHost host = await StartAsync(options => options with { TokenFile = keys });
        string address = $"/console/datasets/{(await StoreResultAsync(host)).Id}/";
        using ConsoleClient ann = await SignInAsync(host, "ann");
        using ConsoleClient eve = await SignInAsync(host, "eve");
        using ConsoleClient ada = await SignInAsync(host, "ada");
        using HttpClient nobody = new() { BaseAddress = host.Endpoints.Http };

        using HttpResponseMessage clip = await ann.GetAsync(address + "train/real/clips/a.mp4");
        using HttpResponseMessage part = await ann.GetAsync(address + "train/real/clips/a.mp4", new RangeHeaderValue(2, 5));

        clip.Content.Headers.ContentType!.MediaType.ShouldBe("video/mp4");
        clip.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await clip.Content.ReadAsStringAsync(RunningHost.Token)).ShouldBe("no real film");
        (part.StatusCode, await part.Content.ReadAsStringAsync(RunningHost.Token)).ShouldBe((HttpStatusCode.PartialContent, " rea"));
        (await ann.GetAsync(address + "manifest.csv")).Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        (await ann.GetAsync(address + "train/real/clips/b.mp4")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ann.GetAsync(address + "..%2F..%2Fmanifest.csv")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await eve.GetAsync(address + "manifest.csv")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ada.GetAsync(address + "manifest.csv")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await nobody.GetAsync(address + "manifest.csv", RunningHost.Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static Task<RunningHost> StartAsync(Func<MedGenHostOptions, MedGenHostOptions>? change = null) =>
        RunningHost.StartAsync(options => (change ?? (same => same))(options with { Console = true }));

    private static async Task<ConsoleClient> SignInAsync(RunningHost host, string name)
    {
        ConsoleClient client = new(host);
        await client.SignInAsync(Tokens.Of(name));
        return client;
    }

    private static async Task<T> SendAsync<T>(RunningHost host, IRequest<T> message, Caller caller)
    {
        await using AsyncServiceScope scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().Caller = caller;
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(message, RunningHost.Token);
    }

    private async Task<Artifact> StoreResultAsync(RunningHost host)
    {
        string data = Path.Combine(_folder, "result");
        Directory.CreateDirectory(Path.Combine(data, "train", "real", "clips"));
        await File.WriteAllTextAsync(Path.Combine(data, "manifest.csv"), Manifest, RunningHost.Token);
        await File.WriteAllTextAsync(Path.Combine(data, "train", "real", "clips", "a.mp4"), "no real film", Encoding.ASCII, RunningHost.Token);
        return await StoreAsync(host, data, synthetic: true);
    }

    private static async Task<Artifact> StoreAsync(RunningHost host, string folder, bool synthetic)
    {
        IArtifactStore store = host.Services.GetRequiredService<IArtifactStore>();
        string tar = store.NewWorkFile(".tar");
        await DatasetTar.PackAsync(folder, tar, RunningHost.Token);
        NewArtifact artifact = new() { FileName = "data.tar", MediaType = "application/x-tar", Owner = "ann", HoldsSynthetic = synthetic };
        return await store.AdoptAsync(artifact, tar, RunningHost.Token);
    }
}
