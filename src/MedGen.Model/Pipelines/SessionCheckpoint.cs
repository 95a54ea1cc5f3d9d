using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Model.Schedulers;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// A session between two denoising steps as a safetensors file: <c>latents</c>, <c>generator</c> (state of the noise's source, bytes) and
/// <c>scheduler.*</c>. The metadata holds <c>format</c>, <c>version</c>, <c>state</c> (JSON) and <c>sha256</c> over the state and every tensor.
/// </summary>
internal sealed record SessionCheckpoint
{
    private const string Format = "medgen-session";
    private const string Version = "2";
    private const string Name = "checkpoint";
    private const string SchedulerPrefix = "scheduler.";

    /// <summary>Denoising steps that are done, counted from the first one of the schedule.</summary>
    public required int StepIndex { get; init; }

    /// <summary>[1, C, F, H, W], float32.</summary>
    public required Tensor Latents { get; init; }

    /// <summary>State of the CPU generator, bytes.</summary>
    public required Tensor Generator { get; init; }

    /// <summary>What the scheduler remembers.</summary>
    public required SchedulerState Scheduler { get; init; }

    /// <summary>Writes the file.</summary>
    /// <param name="identity">What the checkpoint belongs to: hash of model and request.</param>
    /// <param name="model">What computed it.</param>
    public byte[] Write(string identity, ModelDescription model)
    {
        Dictionary<string, Tensor> tensors = new() { ["latents"] = Latents, ["generator"] = Generator };
        foreach ((string name, Tensor kept) in Scheduler.Tensors)
        {
            tensors.Add(SchedulerPrefix + name, kept);
        }

        SessionCheckpointState state = new()
        {
            Identity = identity,
            DataType = model.DataType,
            Kernels = model.Kernels,
            StepIndex = StepIndex,
            LastIndex = Scheduler.LastIndex,
            Counters = Scheduler.Counters,
        };
        Dictionary<string, string> metadata = new()
        {
            ["format"] = Format,
            ["version"] = Version,
            ["state"] = JsonSerializer.Serialize(state),
            ["sha256"] = new string('0', 64),
        };

        // The hash is taken over the file as it reads back, then written into the place that was kept for it.
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, tensors, metadata);
        byte[] content = stream.ToArray();
        string hash = Hash(SafetensorsBytes.Parse(Name, content));
        int place = content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(metadata["sha256"]));
        Encoding.ASCII.GetBytes(hash, content.AsSpan(place));
        return content;
    }

    /// <summary>Reads a file; the tensors are copies in the caller's dispose scope.</summary>
    /// <param name="content">The file.</param>
    /// <param name="identity">What it must belong to.</param>
    /// <param name="model">What must have computed it: another number type or other kernels would go on to other frames.</param>
    /// <param name="shape">Shape of the latents.</param>
    /// <exception cref="ModelFormatException">It is damaged, of another version, or belongs to something else.</exception>
    public static SessionCheckpoint Read(ReadOnlyMemory<byte> content, string identity, ModelDescription model, IReadOnlyList<long> shape)
    {
        SafetensorsBytes file = SafetensorsBytes.Parse(Name, content);
        Require(file.Metadata.GetValueOrDefault("format") == Format, "it is no checkpoint of a session");
        Require(
            file.Metadata.GetValueOrDefault("version") == Version,
            $"its version is '{file.Metadata.GetValueOrDefault("version")}', known is {Version}");
        Require(file.Metadata.GetValueOrDefault("sha256") == Hash(file), "it is damaged: its hash is not that of its content");
        SessionCheckpointState state = JsonSerializer.Deserialize<SessionCheckpointState>(file.Metadata["state"])!;
        Require(state.Identity == identity, "it belongs to another request or another model");
        Require(state.DataType == model.DataType, $"it was computed in {state.DataType}, this host computes in {model.DataType}");
        Require(state.Kernels == model.Kernels, $"it was computed with the kernels {state.Kernels}, this host has {model.Kernels}");
        Require(
            file.Tensors.TryGetValue("latents", out SafetensorInfo? latents) && latents.Shape.SequenceEqual(shape), "its latents have another shape");
        Require(file.Tensors.TryGetValue("generator", out SafetensorInfo? generator), "the generator's state is missing");
        return new SessionCheckpoint
        {
            StepIndex = state.StepIndex,
            Latents = file.Read(latents!),
            Generator = file.Read(generator!),
            Scheduler = new SchedulerState
            {
                LastIndex = state.LastIndex,
                Counters = state.Counters,
                Tensors = file.Tensors.Values.Where(info => info.Name.StartsWith(SchedulerPrefix, StringComparison.Ordinal))
                    .ToDictionary(info => info.Name[SchedulerPrefix.Length..], file.Read),
            },
        };
    }

    /// <summary>What a checkpoint belongs to: the weights, the adapters' files, and everything in the request that decides the latents.</summary>
    public static string Identify(MedGenPipeline pipeline, VideoGenerationRequest request, string adapterHashes)
    {
        // The source's frames, or the first one, are in the latents already, and those of a stored job cannot change.
        string asked = JsonSerializer.Serialize(
            request with { SourceFrames = null, FirstFrame = null, PreviewInterval = 0, FramesPerSecond = 1, Service = new() });
        string text = string.Join('\n', pipeline.Description.Hash, adapterHashes, request.SourceFrames is null, request.FirstFrame is null, asked);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Hash(SafetensorsBytes file)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(file.Metadata.GetValueOrDefault("state") ?? ""));
        Span<byte> size = stackalloc byte[8];
        foreach (SafetensorInfo info in file.Tensors.Values)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{info.Name} {info.DataType}"));
            foreach (long extent in info.Shape)
            {
                BinaryPrimitives.WriteInt64LittleEndian(size, extent);
                hash.AppendData(size);
            }

            hash.AppendData(file.Bytes(info));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ModelFormatException(Name, $"The checkpoint cannot be used: {otherwise}.");
        }
    }
}
