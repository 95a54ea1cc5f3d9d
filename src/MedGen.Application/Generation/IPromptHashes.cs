namespace MedGen.Application.Generation;

/// <summary>
/// Hashes prompts with a secret of this installation: two records of one host show whether they have the same prompt, and nobody else can try out
/// which one it was.
/// </summary>
public interface IPromptHashes
{
    /// <summary>Hashes a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>HMAC-SHA256 of its UTF-8 bytes, 64 lower-case hex digits.</returns>
    Task<string> HashAsync(string prompt, CancellationToken cancellationToken);
}
