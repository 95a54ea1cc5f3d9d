using MedGen.Sdk.Errors;

namespace MedGen.Runtime.Adapters;

/// <summary>
/// Where adapters lie: <c>NAME.safetensors</c>, or the one such file in a folder <c>NAME</c>. Folders are searched in their order, anew each time, so
/// files and whole folders may come and go.
/// </summary>
internal sealed class AdapterFolders(IEnumerable<string> paths)
{
    private const string Extension = ".safetensors";

    /// <summary>Finds an adapter's file.</summary>
    /// <exception cref="InvalidInputException">The name cannot be one.</exception>
    /// <exception cref="ResourceNotFoundException">There is no adapter of that name.</exception>
    public FileInfo Find(string name)
    {
        if (name.Length is 0 or > 200 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_')
            || name.StartsWith('.'))
        {
            throw new InvalidInputException(
                "adapter", "is no name of an adapter; allowed: 1 to 200 letters, digits, '.', '-' and '_', none of the dots first.");
        }

        foreach (string path in paths)
        {
            FileInfo file = new(Path.Combine(path, name + Extension));
            DirectoryInfo folder = new(Path.Combine(path, name));
            if (file.Exists)
            {
                return file;
            }

            if (folder.Exists && folder.GetFiles("*" + Extension) is [var only])
            {
                return only;
            }
        }

        throw new ResourceNotFoundException("adapter", name);
    }
}
