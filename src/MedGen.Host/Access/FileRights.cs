namespace MedGen.Host.Access;

/// <summary>
/// Files that other users of the machine may read or change, and thereby have what the host has, or are let in. That is their owner's business to
/// mend: the host says so and starts.
/// </summary>
internal static class FileRights
{
    private const UnixFileMode Write = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode ReadByOthers = UnixFileMode.OtherRead;

    /// <summary>Everything that is too open, in a sentence each, with what to type.</summary>
    public static IReadOnlyList<string> Warnings(MedGenHostOptions options)
    {
        if (OperatingSystem.IsWindows())
        {
            return [];
        }

        (string Setting, string? Path, UnixFileMode Bad, string Cure)[] files =
        [
            ("listen.key_file", options.KeyFile, Write | ReadByOthers, "600"),
            ("storage.database_password_file", MedGenPlatform.Storage(options).DatabasePasswordFile, Write | ReadByOthers, "600"),
            ("access.token_file", options.TokenFile, Write, "600"),
            ("access.access_file", options.AccessFile, Write, "600"),
            ("dicom.rules_file", options.DicomRulesFile, Write, "600"),
            ("plugins.trust_file", MedGenPlatform.Plugins(options).TrustFile, Write, "644"),
            ("plugins.settings_folder", MedGenPlatform.Plugins(options).SettingsFolder, Write, "700"),
            ("data_folder", options.DataFolder, Write | ReadByOthers | UnixFileMode.OtherExecute, "700"),
        ];
        List<string> warnings = [];
        foreach ((string setting, string? path, UnixFileMode bad, string cure) in files.Where(file => Path.Exists(file.Path)))
        {
            UnixFileMode open = File.GetUnixFileMode(path!) & bad;
            if (open != 0)
            {
                string what = (open & Write) != 0 ? "changed" : "read";
                warnings.Add($"{setting} can be {what} by other users of this machine: 'chmod {cure}' on it.");
            }
        }

        return warnings;
    }
}
