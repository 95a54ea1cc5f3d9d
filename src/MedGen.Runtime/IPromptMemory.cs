namespace MedGen.Runtime;

/// <summary>What the resident model remembers of prompts that it has encoded.</summary>
public interface IPromptMemory
{
    /// <summary>
    /// Forgets all of them, in memory and in <see cref="MedGenRuntimeOptions.EmbeddingFolder"/>. Waits for the device's present step.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether nothing is left; false: a file cannot be deleted, or the device has failed.</returns>
    Task<bool> ForgetAsync(CancellationToken cancellationToken);
}
