using System.Net;
using System.Net.Http.Json;
using Grpc.Core;
using System.Text.Json;
using MedGen.Client;
using MedGen.Host.Tests.Access;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests;

/// <summary>Artifacts that are listed, held and erased.</summary>
public sealed class ErasureTests
{
    private static readonly string Clip = Path.Combine(AppContext.BaseDirectory, "lung_ultrasound.mp4");

    private static CancellationToken Token => RunningHost.Token;

    [Fact]
    public async Task ListArtifacts_OfCallersAndAdministrators_ShowsOnesOwnOrAll()
    {
        using AccessFolder files = new();
        string file = files.Keys(Tokens.Entry("olaf", "operator"), Tokens.Entry("otto", "operator"), Tokens.Entry("anna", "administrator"));
        await using RunningHost host = await RunningHost.StartAsync(options => options with { TokenFile = file });
        using MedGenClient olaf = host.ClientWith(Tokens.Of("olaf"));
        using MedGenClient otto = host.ClientWith(Tokens.Of("otto"));
        using MedGenClient anna = host.ClientWith(Tokens.Of("anna"));
        Proto.Artifact ofOlaf = await olaf.Artifacts.UploadAsync(Clip, patient: "p-1", cancellationToken: Token);
        Proto.Artifact ofOtto = await otto.Artifacts.UploadAsync(Clip, cancellationToken: Token);

        (await olaf.Artifacts.ListAsync(cancellationToken: Token).ToListAsync(Token)).ShouldBe([ofOlaf]);
        (await anna.Artifacts.ListAsync(cancellationToken: Token).ToListAsync(Token)).ShouldBe([ofOtto, ofOlaf]);
        (await anna.Artifacts.ListAsync(new() { PatientPseudonym = "p-1", PageSize = 1 }, Token).ToListAsync(Token)).ShouldBe([ofOlaf]);
        ofOlaf.PatientPseudonym.ShouldBe("p-1");
        (await ShouldFail(async () => await olaf.Artifacts.ListAsync(new() { Owner = "otto" }, Token).ToListAsync(Token)))
            .StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await ShouldFail(() => olaf.Artifacts.HoldAsync(ofOlaf.ArtifactId, "mine", Token))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await ShouldFail(() => olaf.Artifacts.EraseAsync(new() { Owner = "olaf" }, Token))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await anna.Artifacts.EraseAsync(new() { Owner = "olaf" }, Token)).Artifacts.ShouldHaveSingleItem().ContentStays.ShouldBeTrue();
        (await otto.Artifacts.ListAsync(cancellationToken: Token).ToListAsync(Token)).ShouldBe([ofOtto]);
    }

    [Fact]
    public async Task HoldAndErase_OverJson_RefuseDeletionAndThenLeaveNothing()
    {
        await using RunningHost host = await RunningHost.StartAsync();
        using ByteArrayContent content = new(await File.ReadAllBytesAsync(Clip, Token));
        using HttpResponseMessage put = await host.Http.PutAsync("/v1/artifacts?name=clip.mp4&patient_pseudonym=p-1", content, Token);
        string id = (await JsonAsync(put)).GetProperty("artifactId").GetString()!;
        JsonElement listed = await JsonAsync(await host.Http.GetAsync(
            "/v1/artifacts?patient_pseudonym=p-1&kind=ARTIFACT_KIND_UPLOAD&synthetic=false&created_from=2020-01-01T00:00:00Z", Token));
        listed.GetProperty("artifacts")[0].GetProperty("artifactId").GetString().ShouldBe(id);

        JsonElement held = await JsonAsync(await host.Http.PostAsJsonAsync($"/v1/artifacts/{id}:hold", new { reason = "case 7" }, Token));
        held.GetProperty("hold").GetProperty("reason").GetString().ShouldBe("case 7");
        using HttpResponseMessage refused = await host.Http.DeleteAsync($"/v1/artifacts/{id}", Token);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync(Token)).ShouldContain("ARTIFACT_ON_HOLD");
        JsonElement kept = await JsonAsync(await host.Http.PostAsJsonAsync("/v1/artifacts:erase", new { patientPseudonym = "p-1" }, Token));
        kept.GetProperty("kept")[0].GetProperty("reason").GetString().ShouldBe("ARTIFACT_ON_HOLD");

        await JsonAsync(await host.Http.PostAsync($"/v1/artifacts/{id}:release", null, Token));
        JsonElement erased = await JsonAsync(await host.Http.PostAsJsonAsync("/v1/artifacts:erase", new { patientPseudonym = "p-1" }, Token));
        erased.GetProperty("artifacts")[0].GetProperty("artifactId").GetString().ShouldBe(id);
        Directory.GetFiles(Path.Combine(host.Folder, "artifacts"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task EraseArtifacts_WithoutATargetOrWithABadOne_SaysWhatIsAllowed()
    {
        await using RunningHost host = await RunningHost.StartAsync();

        MedGenRpcException none = await ShouldFail(() => host.Client.Artifacts.EraseAsync(new(), Token));
        none.Violations.ShouldHaveSingleItem().Description.ShouldBe("got 0 targets; allowed: one of artifact_id, owner and patient_pseudonym.");
        (await ShouldFail(() => host.Client.Artifacts.EraseAsync(new() { PatientPseudonym = "Mary Smith" }, Token)))
            .StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await ShouldFail(() => host.Client.Artifacts.HoldAsync("none", "", Token))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Readiness_OfAGoodStore_IsHealthy()
    {
        await using RunningHost host = await RunningHost.StartAsync();

        (await host.Http.GetStringAsync("/readyz", Token)).ShouldBe("Healthy");
    }

    [Fact]
    public async Task Readiness_OfAFullDisk_IsFalseAndUploadsAreToldToComeLater()
    {
        await using RunningHost host = await RunningHost.StartAsync(options => options with { MinFreeBytes = 1L << 50 });

        // A check that fails is an error in the log.
        host.ExpectsErrors = true;
        using HttpResponseMessage ready = await host.Http.GetAsync("/readyz", Token);
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        MedGenRpcException refused = await ShouldFail(() => host.Client.Artifacts.UploadAsync(Clip, cancellationToken: Token));
        refused.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        refused.RetryAfter.ShouldNotBeNull();
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using HttpResponseMessage answer = response;
        string text = await answer.Content.ReadAsStringAsync(Token);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static Task<MedGenRpcException> ShouldFail(Func<Task> call) => Should.ThrowAsync<MedGenRpcException>(call);
}
