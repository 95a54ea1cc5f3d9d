using System.Net;
using MedGen.Application.Jobs;
using MedGen.Application.Plugins;
using MedGen.Host;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.DependencyInjection;
using Proto = MedGen.Protos.V1;

namespace MedGen.Console.Tests;

/// <summary>Jobs, plugins and the audit log, by forms.</summary>
public sealed class AdministrationTests : IDisposable
{
    private readonly AccessFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Jobs_AreFilteredAndCancelledByTheirOwnerAlone()
    {
        await using RunningHost host = await StartAsync();
        using MedGen.Client.MedGenClient ann = host.ClientWith(Tokens.Of("ann"));
        host.Generator.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string job = await AskAsync(ann);
        using ConsoleClient own = await SignInAsync(host, "ann");
        using ConsoleClient other = await SignInAsync(host, "bob");

        (await own.ReadAsync("/jobs")).ShouldContain(job);
        (await own.ReadAsync("/jobs?kind=Augmentation")).ShouldNotContain(job);
        (await own.ReadAsync("/jobs?state=Sleeping")).ShouldContain("allowed: Queued, Running");
        (await other.ReadAsync("/jobs")).ShouldNotContain("cancel-" + job);
        (await own.SubmitAsync("/jobs", "cancel-" + job, forged: true)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await own.SubmitAsync("/jobs", "cancel-" + job);

        Job cancelled = (await host.Services.GetRequiredService<IJobStore>().FindAsync(job, RunningHost.Token))!;
        (cancelled.CancelRequested || cancelled.State == JobState.Cancelled).ShouldBeTrue();
        (await own.ReadAsync("/jobs/" + job)).ShouldContain("Ask again");
        (await own.ReadAsync("/jobs/" + new string('0', 32))).ShouldContain("role=\"alert\"");
    }

    [Fact]
    public async Task Jobs_ThatFailed_LeadTheirOwnerBackToTheForm()
    {
        await using RunningHost host = await StartAsync();
        using MedGen.Client.MedGenClient ann = host.ClientWith(Tokens.Of("ann"));
        host.Generator.Failure = new FailedPreconditionException("NO_ROOM", "There is no room.");
        string job = await AskAsync(ann);
        await foreach (Proto.JobEvent _ in ann.Jobs.WatchAsync(job, cancellationToken: RunningHost.Token))
        {
            // Until it has failed.
        }

        using ConsoleClient own = await SignInAsync(host, "ann");
        using ConsoleClient other = await SignInAsync(host, "bob");

        string page = await own.ReadAsync("/jobs");

        page.ShouldContain($"/generate?again={job}");
        page.ShouldContain("A job does not give its request back");
        (await other.ReadAsync("/jobs")).ShouldNotContain("again=");
        (await own.ReadAsync("/jobs/" + job)).ShouldContain($"/generate?again={job}");
    }

    [Fact]
    public async Task Plugins_AreForAdministratorsToTurnOffAndOn()
    {
        await using RunningHost host = await RunningHost.StartRealAsync(change: options => options with { Console = true, TokenFile = Keys() });
        using ConsoleClient viewer = await SignInAsync(host, "bob");
        using ConsoleClient administrator = await SignInAsync(host, "root");
        (await viewer.ReadAsync("/plugins")).ShouldNotContain("disable-medgen.generation");

        await administrator.SubmitAsync("/plugins", "disable-medgen.generation");

        State().ShouldBe(PluginState.Disabled);
        (await administrator.ReadAsync("/plugins")).ShouldContain(">Disabled<");
        await administrator.SubmitAsync("/plugins", "enable-medgen.generation");
        State().ShouldBe(PluginState.Active);
        await administrator.SubmitAsync("/plugins", "reload-medgen.generation");
        State().ShouldBe(PluginState.Active);

        PluginState State() => host.Services.GetRequiredService<IPluginCatalog>().GetStatus("medgen.generation").State;
    }

    [Fact]
    public async Task Audit_IsForAuditorsToReadAndVerify()
    {
        await using RunningHost host = await StartAsync();
        using ConsoleClient auditor = await SignInAsync(host, "ada");
        using ConsoleClient administrator = await SignInAsync(host, "root");

        (await administrator.ReadAsync("/audit")).ShouldContain("ListAuditRecords is for the roles auditor");
        (await auditor.ReadAsync("/audit?kind=Login")).ShouldContain("<td>Login</td>");
        (await auditor.ReadAsync("/audit?caller=nobody")).ShouldContain("No records like these");
        (await auditor.ReadAsync("/audit?from=yesterday")).ShouldContain("allowed: a day such as");
        HttpResponseMessage verified = await auditor.SubmitAsync("/audit", "verify");
        (await verified.Content.ReadAsStringAsync(RunningHost.Token)).ShouldContain("The log is whole");
    }

    [Fact]
    public async Task System_ShowsMemoryAndDiskToOperatorsAlone()
    {
        await using RunningHost host = await StartAsync();
        using ConsoleClient operating = await SignInAsync(host, "ann");
        using ConsoleClient researcher = await SignInAsync(host, "bob");

        string page = await operating.ReadAsync("/system");

        page.ShouldContain("Memory and disk");
        page.ShouldContain("0 jobs wait; 0 frames are to be generated");
        string other = await researcher.ReadAsync("/system");
        other.ShouldContain("Versions");
        other.ShouldNotContain("Memory and disk");
    }

    private static async Task<ConsoleClient> SignInAsync(RunningHost host, string name)
    {
        ConsoleClient client = new(host);
        (await client.SignInAsync(Tokens.Of(name))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return client;
    }

    private static async Task<string> AskAsync(MedGen.Client.MedGenClient client)
    {
        await foreach (Proto.JobEvent one in client.Generation.GenerateAsync(RunningHost.Small(), RunningHost.Token))
        {
            return one.Accepted.JobId;
        }

        throw new InvalidOperationException("The job was not accepted.");
    }

    private string Keys() => _files.Keys(
        Tokens.Key("ann", ["operator"]), Tokens.Key("bob", ["researcher"]), Tokens.Key("ada", ["auditor"]), Tokens.Key("root", ["administrator"]));

    private Task<RunningHost> StartAsync() => RunningHost.StartAsync(options => options with { Console = true, TokenFile = Keys() });
}
