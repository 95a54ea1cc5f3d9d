using MedGen.Application.Access;
using MedGen.WebConsole.Messages;
using Microsoft.AspNetCore.Components;

namespace MedGen.WebConsole.Components;

/// <summary>A part of a page that asks the platform for something, and shows what went wrong where something did.</summary>
public abstract class ConsoleComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();

    [Inject]
    internal ConsoleMessages Messages { get; set; } = null!;

    [Inject]
    internal FailureReporter Failures { get; set; } = null!;

    /// <summary>What went wrong last; null: nothing.</summary>
    public Failure? Failure { get; set; }

    /// <summary>Who sits before the page; null until it is known.</summary>
    public Caller? Caller { get; private set; }

    /// <summary>Begins a part of a page.</summary>
    protected ConsoleComponent() => Left = _left.Token;

    /// <summary>Cancelled when the visitor has left the page.</summary>
    protected CancellationToken Left { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether the caller may ask for an operation.</summary>
    protected bool May(string operation) => Caller is { } caller && Messages.Allows(caller, operation);

    /// <summary>Does something that the platform may refuse.</summary>
    /// <returns>Whether it went well; otherwise <see cref="Failure"/> says why.</returns>
    protected async Task<bool> TryAsync(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            Caller ??= await Messages.WhoAsync();
            await work();
            Failure = null;
            return true;
        }
        catch (NavigationException)
        {
            throw;
        }
        catch (Exception) when (Left.IsCancellationRequested)
        {
            // Nobody is there to be told, and what breaks when a page goes is no fault.
            return false;
        }
        catch (Exception error)
        {
            Failure = Failures.Describe(error);
            return false;
        }
    }
}
