namespace MedGen.Application.Retention;

/// <summary>
/// Says whether what is deleted by its age may be deleted now. A clock that was set forward by weeks would make everything old at once.
/// </summary>
public interface IRetentionClock
{
    /// <summary>Compares the clock with the time that has passed since it was looked at last, also by a host before this one.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False for a day after the clock has leapt ahead by more than a week; then, nothing is to be deleted by its age.</returns>
    Task<bool> IsTrustedAsync(CancellationToken cancellationToken);
}
