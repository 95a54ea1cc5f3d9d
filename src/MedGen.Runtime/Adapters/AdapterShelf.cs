using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MedGen.Model.Adapters;
using MedGen.Model.Pipelines;
using MedGen.Runtime.Execution;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Models;
using MedGen.Sdk.Serving;
using MedGen.Torch.Safetensors;

namespace MedGen.Runtime.Adapters;

/// <summary>
/// The adapters on the device, several beside each other over the same weights. A file is read and hashed before the device is asked for, so loading
/// one costs a copy between two steps. When the room is full, the one that was used longest ago gives way; one in use never does.
/// </summary>
/// <param name="folders">Where they lie.</param>
/// <param name="limit">Bytes that they may take.</param>
/// <param name="executor">The device.</param>
internal sealed class AdapterShelf(AdapterFolders folders, long limit, DeviceExecutor executor)
{
    private readonly Lock _gate = new();
    private readonly List<ResidentAdapter> _resident = [];
    private long _uses;

    /// <summary>Bytes on the device.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _resident.Sum(entry => entry.Description.Bytes);
            }
        }
    }

    /// <summary>Names of the adapters on the device, in order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _resident.Select(entry => entry.Description.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Takes an adapter; it is loaded if it is not there, or if its file has changed.</summary>
    /// <exception cref="InvalidInputException">The name cannot be one, or the adapter was made for another model; what does not fit is
    /// named.</exception>
    /// <exception cref="ResourceNotFoundException">There is no such adapter.</exception>
    /// <exception cref="ResourceExhaustedException">It is too large, or those in use leave no room.</exception>
    public async Task<AdapterLease> TakeAsync(string asked, MedGenPipeline pipeline, CancellationToken cancellationToken)
    {
        (string name, FileInfo file) = folders.Find(asked);
        string path = file.FullName;
        string sha256 = await HashAsync(path, cancellationToken).ConfigureAwait(false);
        return TryTake(name, sha256)
            ?? await executor.RunAsync(
                _ => TryTake(name, sha256) ?? Load(name, path, sha256, pipeline), ServicePriority.Interactive, isAdmitted: true, cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>What an adapter was made for, as the file beside it says at this moment.</summary>
    /// <exception cref="InvalidInputException">The name cannot be one, or that file cannot be used.</exception>
    /// <exception cref="ResourceNotFoundException">There is no such adapter.</exception>
    public AdapterDefaults? DefaultsOf(string asked) => AdapterDefaultsFile.Read(folders.Find(asked).File.FullName);

    /// <summary>
    /// What an adapter was trained on: the list of its name beside it, or that of the folder in which it is the only one. A list that several share
    /// would say of each what holds for another.
    /// </summary>
    /// <returns>The list; null: there is none.</returns>
    /// <exception cref="InvalidInputException">The name cannot be one, or the list cannot be read.</exception>
    /// <exception cref="ResourceNotFoundException">There is no such adapter.</exception>
    public TrainingData? TrainingDataOf(string asked)
    {
        FileInfo file = folders.Find(asked).File;
        string own = Path.ChangeExtension(file.FullName, TrainingData.FileName);
        try
        {
            return TrainingData.ReadFile(own)
                ?? (file.Directory!.GetFiles("*" + file.Extension).Length == 1 ? TrainingData.Read(file.DirectoryName!) : null);
        }
        catch (ModelFormatException broken)
        {
            throw new InvalidInputException("adapter", $"{broken.FileName}: {broken.Message}");
        }
    }

    /// <summary>Names of the adapters that lie there, each once, in order.</summary>
    public IReadOnlyList<string> List(string? tenant) => folders.List(tenant);

    /// <summary>Takes all adapters off the device; on its thread, when nobody uses them any more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _resident.ForEach(entry => entry.Adapter.Dispose());
            _resident.Clear();
        }
    }

    // A config beside the weights states their scaling, so it is a part of what the adapter is.
    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            FileStream file = new(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using ConfiguredAsyncDisposable fileDisposal = file.ConfigureAwait(false);
            byte[] weights = await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
            return Convert.ToHexStringLower(
                LoraAdapter.ConfigBeside(path) is { } config
                    ? SHA256.HashData([.. weights, .. await File.ReadAllBytesAsync(config, cancellationToken).ConfigureAwait(false)])
                    : weights);
        }
        catch (FileNotFoundException)
        {
            throw new ResourceNotFoundException("adapter", Path.GetFileNameWithoutExtension(path));
        }
    }

    private AdapterLease? TryTake(string name, string sha256)
    {
        lock (_gate)
        {
            return _resident.Find(entry => entry.Description.Name == name && entry.Description.Sha256 == sha256) is { } entry ? Lease(entry) : null;
        }
    }

    private AdapterLease Load(string name, string path, string sha256, MedGenPipeline pipeline)
    {
        (LoraAdapter adapter, long bytes) = Open(name, path, pipeline);
        ResidentAdapter entry = new()
        {
            Adapter = adapter,
            Description = new AdapterDescription
            {
                Name = name,
                Sha256 = sha256,
                Modules = adapter.Modules.Count() + (adapter.LowNoise?.Modules.Count() ?? 0),
                Bytes = bytes,
                Expert = pipeline.ExpertOf(name, adapter),
            },
        };
        lock (_gate)
        {
            _resident.Add(entry);
            return Lease(entry);
        }
    }

    // The request names the adapter, so one that does not fit the model is a wrong input.
    private (LoraAdapter Adapter, long Bytes) Open(string name, string path, MedGenPipeline pipeline)
    {
        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            long bytes = pipeline.AdapterBytes(file);
            lock (_gate)
            {
                MakeRoom(name, bytes);
            }

            return (pipeline.OpenAdapter(file), bytes);
        }
        catch (ModelFormatException exception)
        {
            throw new InvalidInputException("adapter", exception.Message);
        }
    }

    private void MakeRoom(string name, long bytes)
    {
        if (bytes > limit)
        {
            throw new ResourceExhaustedException(
                "ADAPTER_TOO_LARGE", $"The adapter '{name}' takes {bytes} bytes; adapters may take {limit} in all. Use one of lower rank.");
        }

        while (_resident.Sum(entry => entry.Description.Bytes) + bytes > limit)
        {
            ResidentAdapter oldest = _resident.Where(entry => entry.Users == 0).MinBy(entry => entry.LastUse)
                ?? throw new ResourceExhaustedException(
                    "ADAPTERS_IN_USE",
                    $"The adapter '{name}' takes {bytes} bytes; those in use leave {limit - _resident.Sum(entry => entry.Description.Bytes)} of "
                        + $"{limit}.",
                    TimeSpan.FromSeconds(15));
            oldest.Adapter.Dispose();
            _resident.Remove(oldest);
        }
    }

    // Under the lock.
    private AdapterLease Lease(ResidentAdapter entry)
    {
        entry.Users++;
        entry.LastUse = ++_uses;
        return new AdapterLease(entry, () =>
        {
            lock (_gate)
            {
                entry.Users--;
            }
        });
    }
}
