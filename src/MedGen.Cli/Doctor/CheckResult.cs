namespace MedGen.Cli.Doctor;

/// <summary>One line of <c>medgen doctor</c>.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Message">What was found.</param>
/// <param name="Cure">What to do about it; null when nothing is to be done.</param>
internal sealed record CheckResult(string Check, CheckStatus Status, string Message, string? Cure = null)
{
    public static CheckResult Ok(string check, string message) => new(check, CheckStatus.Ok, message);

    public static CheckResult Warning(string check, string message, string cure) => new(check, CheckStatus.Warning, message, cure);

    public static CheckResult Failed(string check, string message, string cure) => new(check, CheckStatus.Failed, message, cure);
}
