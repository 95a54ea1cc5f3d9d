using MedGen.Sdk.Errors;

namespace MedGen.Runtime.Adapters;

/// <summary>
/// Where adapters lie: <c>NAME.safetensors</c>, or the one such file in a folder <c>NAME</c>. Folders are searched in their order, anew each time, so
/// files and whole folders may come and go.
/// </summary>
internal sealed class AdapterFolders(IReadOnlyCollection<AdapterFolder> folders)
{
    private const string Extension = ".safetensors";

    /// <summary>Finds an adapter.</summary>
    /// <param name="asked"><c>NAME</c>, or <c>TENANT/NAME</c>: among the tenant's own first, then among everybody's.</param>
    /// <returns>Its file, and the name under which it is one and the same for all who reach it.</returns>
    /// <exception cref="InvalidInputException">The name cannot be one.</exception>
    /// <exception cref="ResourceNotFoundException">There is no adapter of that name.</exception>
    public (string Name, FileInfo File) Find(string asked)
    {
        int slash = asked.LastIndexOf('/');
        string? tenant = slash < 0 ? null : asked[..slash];
        string name = folders.Any(folder => folder.Tenant == tenant) ? asked[(slash + 1)..] : asked;
        if (!IsName(name))
        {
            throw new InvalidInputException(
                "adapter", "is no name of an adapter; allowed: 1 to 200 letters, digits, '.', '-' and '_', none of the dots first.");
        }

        return (tenant is null ? null : Find(asked, name, tenant)) ?? Find(name, name, tenant: null)
            ?? throw new ResourceNotFoundException("adapter", name);
    }

    /// <summary>Names of everybody's adapters and those of a tenant, each once, in order.</summary>
    /// <param name="tenant">The tenant; null: everybody's alone.</param>
    public IReadOnlyList<string> List(string? tenant) => [.. folders
        .Where(folder => (folder.Tenant is null || folder.Tenant == tenant) && Directory.Exists(folder.Path))
        .SelectMany(folder => NamesIn(new DirectoryInfo(folder.Path)))
        .Where(IsName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> NamesIn(DirectoryInfo place) => place.GetFiles("*" + Extension)
        .Select(file => Path.GetFileNameWithoutExtension(file.Name))
        .Concat(place.GetDirectories().Where(folder => folder.GetFiles("*" + Extension).Length == 1).Select(folder => folder.Name));

    private static bool IsName(string name) => name.Length is > 0 and <= 200 && !name.StartsWith('.')
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private (string Name, FileInfo File)? Find(string asked, string name, string? tenant)
    {
        foreach (AdapterFolder place in folders.Where(folder => folder.Tenant == tenant))
        {
            FileInfo file = new(Path.Combine(place.Path, name + Extension));
            DirectoryInfo folder = new(Path.Combine(place.Path, name));
            if (file.Exists)
            {
                return (asked, file);
            }

            if (folder.Exists && folder.GetFiles("*" + Extension) is [var only])
            {
                return (asked, only);
            }
        }

        return null;
    }
}
