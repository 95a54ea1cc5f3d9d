using System.Runtime.CompilerServices;
using MedGen.Application.Access;
using MedGen.Application.Jobs;
using MedGen.Application.Jobs.Requests;
using MedGen.Application.Streaming;
using MediatR;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.WebConsole.Messages;

/// <summary>
/// The console's only way to the platform: the messages that gRPC sends, each in a scope of its own, in the name of the caller as the host knows it
/// at that moment.
/// </summary>
internal sealed class ConsoleMessages(
    IServiceScopeFactory scopes, IConsoleCallers callers, IAccessPolicies policies, AuthenticationStateProvider authentication)
{
    /// <summary>Who sits before the page.</summary>
    public async Task<Caller> WhoAsync() => await callers.NowAsync((await authentication.GetAuthenticationStateAsync()).User);

    /// <summary>Whether a caller may ask for an operation, so that a page offers nothing that would be refused.</summary>
    public bool Allows(Caller caller, string operation) => policies.Current.Allows(caller, operation);

    /// <summary>Sends a message and gives its answer.</summary>
    public async Task<T> SendAsync<T>(IRequest<T> message, CancellationToken cancellationToken = default)
    {
        await using AsyncServiceScope scope = await OpenAsync();
        return await scope.ServiceProvider.GetRequiredService<ISender>().Send(message, cancellationToken);
    }

    /// <summary>A job's events after one that was seen, until the job has ended.</summary>
    public async IAsyncEnumerable<JobEvent> WatchAsync(
        string jobId, long afterEvent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = await OpenAsync();
        WatchJob message = new() { JobId = jobId, AfterEvent = afterEvent };
        StreamedAnswer<JobEvent> events = await scope.ServiceProvider.GetRequiredService<ISender>().Send(message, cancellationToken);
        await foreach (JobEvent one in events.WithCancellation(cancellationToken))
        {
            yield return one;
        }
    }

    private async Task<AsyncServiceScope> OpenAsync()
    {
        Caller caller = await WhoAsync();
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().Caller = caller;
        return scope;
    }
}
