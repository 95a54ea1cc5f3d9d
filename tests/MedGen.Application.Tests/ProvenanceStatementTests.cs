using System.Text;
using System.Text.Json.Nodes;
using MedGen.Application.Artifacts;
using MedGen.Application.Generation;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Signing;
using MedGen.Media.Provenance;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Application.Tests;

public sealed class ProvenanceStatementTests
{
    [Fact]
    public async Task Artifact_OfAGeneration_CarriesWhatTheHostHasSigned()
    {
        await using Platform platform = await Platform.StartAsync();
        Job job = await platform.Send(new GenerateVideo { Prompt = "a secret", Width = 32, Height = 16, NumFrames = 5, NumInferenceSteps = 2 }, Platform.Ann);
        await platform.WatchAsync(job.Id);
        Artifact artifact = await platform.Send(
            new GetArtifact { ArtifactId = (await platform.Send(new GetJob { JobId = job.Id }, Platform.Ann)).Results.Single() }, Platform.Ann);

        ProvenanceStatement statement = ProvenanceStatement.Read(Encoding.UTF8.GetBytes(artifact.SignedProvenance!)).ShouldNotBeNull();

        statement.IsSigned.ShouldBeTrue();
        statement.KeyId.ShouldBe(platform.Services.GetRequiredService<IHostKey>().Id);
        statement.Payload["made"]!["id"]!.ToString().ShouldBe(artifact.Provenance!.Id);
        statement.Payload.ToJsonString().ShouldNotContain("secret");
        string file = await platform.Artifacts.GetVerifiedPathAsync(artifact, Platform.Token);
        Encoding.UTF8.GetString((await ProvenanceBox.ReadAsync(file, Platform.Token))!).ShouldBe(artifact.SignedProvenance);
        (await platform.Services.GetRequiredService<IFrameHasher>().HashAsync(file, Platform.Token)).ShouldBe(statement.FramesSha256);
    }

    [Fact]
    public async Task Read_OfAStatementThatWasChanged_IsNotSigned()
    {
        await using Platform platform = await Platform.StartAsync();
        string signed = ProvenanceStatement.Sign(platform.Services.GetRequiredService<IHostKey>(), new string('a', 64), new { seed = 7 }, DateTimeOffset.UnixEpoch);
        JsonObject other = JsonNode.Parse(signed)!.AsObject();
        string payload = other["payload"]!.ToString();
        other["payload"] = System.Buffers.Text.Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(payload)).Replace(":7", ":8", StringComparison.Ordinal)));

        ProvenanceStatement.Read(Encoding.UTF8.GetBytes(signed))!.IsSigned.ShouldBeTrue();
        ProvenanceStatement.Read(Encoding.UTF8.GetBytes(other.ToJsonString()))!.IsSigned.ShouldBeFalse();
        ProvenanceStatement.Read(Encoding.UTF8.GetBytes(signed.Replace("\"signature\":\"", "\"signature\":\"AA", StringComparison.Ordinal)))?.IsSigned.ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"payload": "x", "protected": "x", "signature": "x"}""")]
    [InlineData("""{"payload": 1, "protected": "e30", "signature": ""}""")]
    public void Read_OfSomethingElse_IsNone(string text) => ProvenanceStatement.Read(Encoding.UTF8.GetBytes(text)).ShouldBeNull();
}
