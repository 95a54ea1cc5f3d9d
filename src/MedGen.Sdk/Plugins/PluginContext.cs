using System.Security.Cryptography;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Parameters;

namespace MedGen.Sdk.Plugins;

/// <summary>What a plugin is told about itself and its host.</summary>
public sealed record PluginContext
{
    /// <summary>The plugin's manifest.</summary>
    public required PluginManifest Manifest { get; init; }

    /// <summary>Full path of the plugin's version folder; its data files lie there. Read-only for the plugin.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// What the operator has set, a JSON object that keeps the schema of <see cref="IMedGenPlugin.Settings"/>. It does not change while the plugin
    /// is loaded: a reload loads the plugin anew, with what is set then. Default: nothing is set.
    /// </summary>
    public string Settings { get; init; } = ParameterSchema.NoParameters;

    /// <summary>What the operator has given of <see cref="PluginSettings.Secrets"/>, by name. Default: none.</summary>
    public IReadOnlyDictionary<string, PluginSecret> Secrets { get; init; } = new Dictionary<string, PluginSecret>();

    /// <summary>
    /// Full path of a folder that the plugin may write to, where its manifest asks for one (<see cref="PluginManifest.DataBytes"/>); null: it does
    /// not. All versions of the plugin share it, and two may run at a time while one takes over. It is kept until an administrator removes it.
    /// </summary>
    public string? DataFolder { get; init; }

    /// <summary>Version of the SDK in this host. Default: <see cref="MedGenSdk.Version"/>.</summary>
    public Version SdkVersion { get; init; } = MedGenSdk.Version;

    /// <summary>Version of the host, <c>major.minor.patch</c>; empty: not a host.</summary>
    public string HostVersion { get; init; } = "";

    /// <summary>Kind of the device that <c>IDeviceExecutor</c> lends: <c>cpu</c> (default) or <c>cuda</c>.</summary>
    public string DeviceKind { get; init; } = "cpu";

    /// <summary>Opens weights that the manifest declares, when they are needed and not before; their hash is compared again.</summary>
    /// <param name="path">Path as the manifest has it.</param>
    /// <param name="cancellationToken">Ends the comparison.</param>
    /// <returns>The file at its beginning, for reading.</returns>
    /// <exception cref="ArgumentException">The manifest does not declare it.</exception>
    /// <exception cref="FailedPreconditionException">
    /// It is missing (<c>WEIGHTS_MISSING</c>), or not what the manifest declares (<c>WEIGHTS_CHANGED</c>).
    /// </exception>
    public async Task<FileStream> OpenWeightsAsync(string path, CancellationToken cancellationToken)
    {
        PluginWeights weights = Manifest.Weights.FirstOrDefault(one => one.Path == path)
            ?? throw new ArgumentException($"The manifest of {Manifest.Id} declares no weights of this path.", nameof(path));
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(Directory, path), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FailedPreconditionException("WEIGHTS_MISSING", $"{Manifest.Id}: {path} is missing, or cannot be read.", exception);
        }

        try
        {
            if (file.Length != weights.Bytes
                || Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false)) != weights.Sha256)
            {
                throw new FailedPreconditionException("WEIGHTS_CHANGED", $"{Manifest.Id}: {path} is not the file that plugin.json declares.");
            }

            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The settings as a record that <see cref="ParameterSchema.Of"/> made the schema of.</summary>
    /// <typeparam name="T">The record.</typeparam>
    /// <returns>The settings; what is not set has the record's default.</returns>
    /// <exception cref="InvalidInputException">The text is no JSON of this record.</exception>
    public T ReadSettings<T>()
        where T : class => ParameterSchema.Read<T>(Settings);
}
