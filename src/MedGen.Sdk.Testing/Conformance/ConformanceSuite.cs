using MedGen.Sdk.Errors;

namespace MedGen.Sdk.Testing.Conformance;

/// <summary>
/// Checks that every plugin of a kind must pass, by name, so that a test framework can run each as a test of its own. A check that does not apply,
/// such as a live clip for an analyzer of stored ones, passes.
/// </summary>
public abstract class ConformanceSuite
{
    /// <summary>How long a plugin may take to obey a cancellation: what a host gives it.</summary>
    public static readonly TimeSpan CancellationGrace = TimeSpan.FromSeconds(10);

    private protected const int AtOnce = 4;

    private protected ConformanceSuite()
    {
    }

    private protected abstract IReadOnlyList<(string Name, Func<CancellationToken, Task> Run)> Tests { get; }

    /// <summary>Runs one check.</summary>
    /// <param name="check">Its name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConformanceException">The plugin does not pass.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such check.</exception>
    public async Task RunAsync(string check, CancellationToken cancellationToken)
    {
        if (Tests.FirstOrDefault(test => test.Name == check).Run is not { } run)
        {
            throw new ArgumentOutOfRangeException(nameof(check), check, $"check: allowed: {string.Join(", ", Tests.Select(test => test.Name))}.");
        }

        try
        {
            // On the pool, as by the host: code that blocks holds a thread of the pool, not the test's.
            await Task.Run(() => run(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not ConformanceException && !cancellationToken.IsCancellationRequested)
        {
            throw new ConformanceException(check, $"got {exception.GetType().Name}, '{exception.Message}'", "an answer", exception);
        }
    }

    /// <summary>Runs all checks, one after another.</summary>
    /// <param name="cancellationToken">Ends them.</param>
    /// <exception cref="ConformanceException">The plugin does not pass; the first failure.</exception>
    public async Task RunAllAsync(CancellationToken cancellationToken)
    {
        foreach ((string check, _) in Tests)
        {
            await RunAsync(check, cancellationToken).ConfigureAwait(false);
        }
    }

    private protected static void ThrowIfBroken(string check, Violations violations)
    {
        if (violations.Found is [var first, ..])
        {
            throw new ConformanceException(check, $"{first.Field}: {first.Description.TrimEnd('.')}", "what the description and the SDK say");
        }
    }

    private protected static void Require(bool isGood, string check, FormattableString got, string allowed)
    {
        if (!isGood)
        {
            throw new ConformanceException(check, FormattableString.Invariant(got), allowed);
        }
    }

    /// <summary>What the plugin gives is no input of a caller's: a refusal of it is the plugin's failure.</summary>
    private protected static T Complete<T>(string check, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (InvalidInputException exception)
        {
            throw new ConformanceException(check, exception.Message.TrimEnd('.'), "the clip that was asked for");
        }
    }

    /// <summary>An input that cannot be used is refused by an error for callers, or answered all the same.</summary>
    private protected static async Task AnswerOrRefuseAsync(string check, Func<Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (MedGenException)
        {
            // Refused in words.
        }
        catch (Exception exception) when (exception is not ConformanceException && !cancellationToken.IsCancellationRequested)
        {
            throw new ConformanceException(
                check, $"got {exception.GetType().Name}, '{exception.Message}'", "an answer, or a MedGenException", exception);
        }
    }

    /// <summary>Starts something, cancels it and waits for its end.</summary>
    /// <param name="check">Name of the check.</param>
    /// <param name="run">The call; it completes the source when it is at work.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    private protected static async Task CancelAsync(
        string check, Func<TaskCompletionSource, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        TaskCompletionSource atWork = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task call = Task.Run(() => run(atWork, source.Token), CancellationToken.None);
        await Task.WhenAny(call, atWork.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
        await source.CancelAsync().ConfigureAwait(false);
        Task ended = await Task.WhenAny(call, Task.Delay(CancellationGrace, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        Require(ended == call, check, $"still runs {CancellationGrace.TotalSeconds} s after it was cancelled", "an end within that time");
        Require(
            call.Exception?.InnerException is null or OperationCanceledException or MedGenException, check,
            $"ended by {call.Exception?.InnerException?.GetType().Name}", "OperationCanceledException, or a normal end");
    }
}
