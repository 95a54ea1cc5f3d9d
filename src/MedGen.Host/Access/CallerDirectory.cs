namespace MedGen.Host.Access;

/// <summary>Who may call.</summary>
/// <param name="Tokens">The holders of tokens; null: everybody on this machine.</param>
internal sealed record CallerDirectory(TokenFile? Tokens);
