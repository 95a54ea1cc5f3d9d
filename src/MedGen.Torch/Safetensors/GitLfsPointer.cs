using MedGen.Sdk.Errors;

namespace MedGen.Torch.Safetensors;

/// <summary>What git leaves in the place of a large file that was not fetched: a text of a few lines.</summary>
public static class GitLfsPointer
{
    private static ReadOnlySpan<byte> Start => "version https://git-lfs.github.com/spec/"u8;

    /// <summary>Names a file that is a pointer.</summary>
    /// <param name="path">An existing file.</param>
    /// <exception cref="ModelFormatException">It is one.</exception>
    public static void ThrowIfPointer(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Span<byte> head = stackalloc byte[Start.Length];
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Start))
        {
            string name = Path.GetFileName(path);
            throw new ModelFormatException(name, $"{name} is a Git LFS pointer, not the weights: run 'git lfs pull' where it was cloned.");
        }
    }
}
