namespace MedGen.Application.Erasure;

/// <summary>What the platform keeps of prompts to be faster: embeddings, in memory and in a folder. They reveal the prompts.</summary>
public interface IPromptCaches
{
    /// <summary>Empties them whole, since nobody knows any more which prompt an entry is of.</summary>
    /// <param name="cancellationToken">Gives up; what was removed by then is gone.</param>
    /// <returns>Whether nothing is left; false: a file cannot be deleted, or the device does not answer.</returns>
    Task<bool> ForgetAsync(CancellationToken cancellationToken);
}
