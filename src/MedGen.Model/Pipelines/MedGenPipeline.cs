using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;
using MedGen.Model.Adapters;
using MedGen.Model.Autoencoders;
using MedGen.Model.Checkpoints;
using MedGen.Model.Pictures;
using MedGen.Model.Schedulers;
using MedGen.Model.Sizing;
using MedGen.Model.TextEncoders;
using MedGen.Model.Transformers;
using MedGen.Torch.Operations;
using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Pipelines;

/// <summary>
/// Text to video and video to video with all parts of one model folder (Wan2.1 <c>wan/text2video.py</c>). Many sessions may be open at once;
/// not safe for use from several threads.
/// </summary>
public sealed class MedGenPipeline : IDisposable
{
    /// <summary>What is avoided unless the request says otherwise (model card of FreedomIntelligence/MedGen).</summary>
    public const string DefaultNegativePrompt =
        "Distorted, blurry, low quality, watermark, text overlay, static image, worst quality, JPEG artifacts, deformed, extra limbs, bad anatomy";

    private readonly UMT5Encoder _textEncoder;
    private readonly LoraAdapter? _fineTune;

    private MedGenPipeline(ModelFolder folder, Device device, ScalarType dataType, string? embeddingFolder, bool expertsInTurn)
    {
        List<IDisposable> opened = [];
        try
        {
            Device = device;
            Experts = Open(Pipelines.Experts.Open(folder, device, dataType, expertsInTurn));
            Boundary = (folder.Files.BoundaryRatio ?? ModelBoundary.Released(NeedsFirstFrame)) * FlowSchedule.TrainTimesteps;
            _fineTune = folder.OpenFineTuneAdapter(Experts.Stored(0));
            Adapters = _fineTune is null ? null : new AdapterSet((Open(_fineTune), 1.0));
            _textEncoder = Open(folder.OpenTextEncoder(device, dataType));

            // In float32 whatever the rest computes in: encoding loses accuracy otherwise.
            Autoencoder = Open(folder.OpenAutoencoder(device, ScalarType.Float32));
            if (Config.ImageDim is not null)
            {
                Pictures = Open(new PictureEncoder(folder.OpenImageEncoder(device, dataType), device));
            }

            EmbeddingCache embeddings = Open(new EmbeddingCache(ModelHash.Compute(folder.Files.TextEncoder), dataType, embeddingFolder));
            Prompts = Open(new PromptEncoder(folder.OpenTokenizer(), _textEncoder, Config.TextLength, embeddings));
            CheckThatPartsFit(folder.Name);
            Grid = new ClipGrid(Config, Autoencoder.Config);
            CheckDefaults(folder);
            WeightBytes = Experts.WeightBytes + _textEncoder.WeightBytes + Autoencoder.WeightBytes + (Pictures?.Encoder.WeightBytes ?? 0);
            Description = Describe(folder, device, dataType);
        }
        catch
        {
            opened.ForEach(part => part.Dispose());
            throw;
        }

        T Open<T>(T part)
            where T : IDisposable
        {
            opened.Add(part);
            return part;
        }
    }

    /// <summary>What is loaded.</summary>
    public ModelDescription Description { get; }

    /// <summary>Bytes of the weights that lie on the device at once.</summary>
    public long WeightBytes { get; }

    /// <summary>
    /// Bytes that weights, sessions and intermediate results may take together; no limit unless it is set. Clips that are large for it are decoded in
    /// tiles (<see cref="GenerationCost.Tiling"/>), which look a little different.
    /// </summary>
    public long MemoryLimit { get; set; } = long.MaxValue;

    /// <summary>The sizes of clips that it can make.</summary>
    public ClipGrid Grid { get; }

    /// <summary>Whether two experts share the timesteps (Wan 2.2 A14B).</summary>
    public bool HasExperts => Experts.Count > 1;

    /// <summary>
    /// Whether it makes clips from pictures only, given in channels of their own (Wan 2.1's image to video, Wan 2.2's I2V-A14B). Its sessions share
    /// no forwards.
    /// </summary>
    public bool NeedsFirstFrame => Config.ConditionChannels > 0;

    /// <summary>Encodes pictures for a transformer that attends to them; null: it does not.</summary>
    internal PictureEncoder? Pictures { get; }

    /// <summary>The transformers.</summary>
    internal Experts Experts { get; }

    /// <summary>Dimensions of each.</summary>
    internal WanTransformerConfig Config => Experts.Stored(0).Config;

    /// <summary>Where it computes.</summary>
    internal Device Device { get; }

    /// <summary>With two experts: the least timestep that the one for high noise predicts.</summary>
    internal double Boundary { get; }

    internal WanAutoencoder Autoencoder { get; }

    internal PromptEncoder Prompts { get; }

    internal AdapterSet? Adapters { get; }

    /// <summary>Who predicts at a timestep.</summary>
    /// <param name="timestep">As the solver states it.</param>
    /// <returns>Index of the expert; 0 where there is one.</returns>
    internal int ExpertAt(double timestep) => !HasExperts || IsHighNoise(timestep, Boundary) ? 0 : 1;

    /// <summary>Whether the expert for high noise predicts; by the timestep that the solver states, truncated where it truncates.</summary>
    internal static bool IsHighNoise(double timestep, double boundary) => timestep >= boundary;

    /// <summary>Loads all parts of a folder.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16, for transformer and text encoder; the autoencoder always computes in float32.</param>
    /// <param name="embeddingFolder">Where embeddings of prompts are kept between runs; null: in memory only. They tell about the prompts: keep the
    /// folder as private.</param>
    /// <returns>The pipeline; the caller disposes it after all its sessions.</returns>
    /// <exception cref="ModelFormatException">A part is missing or broken, or the parts do not fit each other.</exception>
    public static MedGenPipeline Open(ModelFolder folder, Device device, ScalarType dataType, string? embeddingFolder = null)
    {
        ArgumentNullException.ThrowIfNull(device);

        // On a CPU both lie where they were mapped: nothing would be won.
        return Open(folder, device, dataType, embeddingFolder, expertsInTurn: device.type != TorchSharp.DeviceType.CPU);
    }

    /// <summary>As the other one.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dataType">float32 or bfloat16.</param>
    /// <param name="embeddingFolder">Where embeddings of prompts are kept.</param>
    /// <param name="expertsInTurn">Whether of two experts only the one in use lies on the device.</param>
    internal static MedGenPipeline Open(ModelFolder folder, Device device, ScalarType dataType, string? embeddingFolder, bool expertsInTurn)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.ThrowIfIncomplete();
        return new MedGenPipeline(folder, device, dataType, embeddingFolder, expertsInTurn);
    }

    /// <summary>Checks a request, also against the sizes that this model can make.</summary>
    /// <param name="request">The request, with its source and first frame.</param>
    /// <exception cref="InvalidInputException">Names every bad field.</exception>
    public void Check(VideoGenerationRequest request)
    {
        CheckSettings(request);
        CheckPictures(request);
    }

    /// <summary>As <see cref="Check"/>, but for source and first frame.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="InvalidInputException">Names every bad field.</exception>
    public void CheckSettings(VideoGenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        GenerationRequestValidation.ThrowIfInvalid(request, Grid);
        if (request.Wan.LowNoiseGuidanceScale is not null && !HasExperts)
        {
            throw new InvalidInputException(
                "wan.low_noise_guidance_scale", $"is given; '{Description.Name}' has one transformer, which takes guidance_scale.");
        }

    }

    private void CheckPictures(VideoGenerationRequest request)
    {
        if (NeedsFirstFrame && (request.FirstFrame is null || request.SourceFrames is not null))
        {
            throw new InvalidInputException(
                request.FirstFrame is null ? "first_frame" : "source_frames",
                $"is {(request.FirstFrame is null ? "missing" : "given")}; '{Description.Name}' makes clips from text and the picture that they "
                    + "begin with.");
        }

        if (request.FirstFrame is not null && !Description.TakesFirstFrame)
        {
            throw new InvalidInputException(
                "first_frame",
                $"is given; '{Description.Name}' makes clips from text and from clips alone. One that takes a picture: "
                    + "Wan2.2-TI2V-5B.");
        }
    }

    /// <summary>What a clip costs with this model, by formula.</summary>
    /// <param name="request">A request that <see cref="Check"/> lets pass.</param>
    /// <param name="memoryLimit">Bytes for weights, sessions and intermediate results; null: <see cref="MemoryLimit"/>.</param>
    /// <returns>Operations and memory.</returns>
    /// <exception cref="InvalidInputException">The model can make no clip of that size.</exception>
    public GenerationCost CostOf(VideoGenerationRequest request, long? memoryLimit = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        ClipSize size = new(request.Width, request.Height, request.NumFrames);
        return GenerationCost.Of(Config, Autoencoder.Config, WeightBytes, size, Experts.Stored(0).DataType, memoryLimit ?? MemoryLimit);
    }

    /// <summary>Makes a clip: a session from its first step to its last, for a caller that has nothing else to do meanwhile.</summary>
    /// <param name="request">What to make; no previews are made.</param>
    /// <returns>The frames, as they are finished. The caller owns them.</returns>
    /// <exception cref="InvalidInputException">Names every bad field.</exception>
    public IEnumerable<VideoFrame> Generate(VideoGenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using GenerationSession session = Start(request with { PreviewInterval = 0 });
        while (!session.IsCompleted)
        {
            foreach (VideoFrame frame in session.Step().OfType<GeneratedFrames>().SelectMany(update => update.Frames))
            {
                yield return frame;
            }
        }
    }

    /// <summary>Checks a request and opens a session for it; nothing is computed yet.</summary>
    /// <param name="request">What to make.</param>
    /// <param name="adapters">The adapters that the request names, in its order.</param>
    /// <returns>The session; the caller disposes it.</returns>
    /// <exception cref="InvalidInputException">Names every bad field.</exception>
    /// <exception cref="ArgumentException">There are more adapters than the request names, or fewer.</exception>
    public GenerationSession Start(VideoGenerationRequest request, params IReadOnlyList<SessionAdapter> adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        Check(request);
        AdapterPlacement placement = Place(request, [.. adapters.Select(one => one.Adapter)]);
        request = request with { Wan = request.Wan with { Shift = request.Wan.Shift ?? Description.Defaults.Shift } };
        return new GenerationSession(this, request, placement, string.Join(' ', adapters.Select(one => one.Hash)));
    }

    /// <summary>Checks that the adapters of a request fit this model, and that it is known which of two experts each is for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="adapters">The adapters that it names, in its order.</param>
    /// <exception cref="InvalidInputException">Names every bad field.</exception>
    public void CheckAdapters(VideoGenerationRequest request, IReadOnlyList<LoraAdapter> adapters)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(adapters);
        Place(request, adapters);
    }

    /// <summary>Reads an adapter for this model's transformer.</summary>
    /// <param name="file">The open file; it may be closed afterwards.</param>
    /// <returns>The adapter; the caller disposes it.</returns>
    /// <exception cref="ModelFormatException">It was made for another model; the modules that do not fit are named.</exception>
    public LoraAdapter OpenAdapter(SafetensorsFile file) => LoraAdapter.Load(
        file, Experts.Stored(0).Shapes, Device, Experts.Stored(0).DataType);

    /// <summary>Which of two experts an adapter is for, by its keys or its name.</summary>
    /// <param name="name">What it is asked for by.</param>
    /// <param name="adapter">The adapter.</param>
    /// <returns>Null: nothing says it, or the model has one transformer.</returns>
    public AdapterExpert? ExpertOf(string name, LoraAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(adapter);
        return HasExperts ? AdapterPlacement.ExpertOf(name, adapter) : null;
    }

    /// <summary>Bytes that an adapter takes on the device, by its header.</summary>
    /// <param name="file">The open file.</param>
    /// <returns>Bytes in this model's number type.</returns>
    public long AdapterBytes(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Tensors.Values.Sum(tensor => tensor.ElementCount) * GenerationCost.ItemSize(Experts.Stored(0).DataType);
    }

    /// <summary>Computes what a layer makes of a clip; see <see cref="IMedGenModel.ExtractFeaturesAsync"/>.</summary>
    /// <param name="frames">The clip.</param>
    /// <param name="layer"><c>autoencoder</c> or <c>block.N</c>.</param>
    /// <param name="timestep">Noise level that the transformer is told, 0 to 1000.</param>
    /// <returns>The features.</returns>
    /// <exception cref="InvalidInputException">A size that the model cannot take, an unknown layer, or a timestep out of range.</exception>
    public ModelFeatures ExtractFeatures(IReadOnlyList<VideoFrame> frames, string layer, double timestep)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(layer);
        return new FeatureExtraction(this).Extract(frames, layer, timestep);
    }

    /// <summary>Forgets the embeddings of all prompts, in memory and in the embedding folder. On the device thread.</summary>
    /// <returns>Whether no file of them is left.</returns>
    public bool ForgetPrompts() => Prompts.Forget();

    /// <summary>Deletes the embeddings of prompts in a folder that no pipeline uses.</summary>
    /// <param name="embeddingFolder">The folder; it need not be there.</param>
    /// <returns>Whether none is left.</returns>
    public static bool ForgetPrompts(string embeddingFolder) => new EmbeddingFiles(embeddingFolder, limit: 0, TimeProvider.System).Clear();

    /// <inheritdoc />
    public void Dispose()
    {
        Prompts.Dispose();
        Pictures?.Dispose();
        Autoencoder.Dispose();
        _textEncoder.Dispose();
        _fineTune?.Dispose();
        Experts.Dispose();
    }

    private AdapterPlacement Place(VideoGenerationRequest request, IReadOnlyList<LoraAdapter> adapters)
    {
        IReadOnlyList<AdapterUse> uses = request.Wan.AdaptersInUse();
        return uses.Count == adapters.Count
            ? AdapterPlacement.Of(uses, adapters, HasExperts, _fineTune)
            : throw new ArgumentException($"The request names {uses.Count} adapters; {adapters.Count} are given.", nameof(adapters));
    }

    private void CheckThatPartsFit(string name)
    {
        if (HasExperts && Experts.Stored(1).Config != Config)
        {
            throw new ModelFormatException(name, $"The two experts of '{name}' have other dimensions.");
        }

        int channels = Config.LatentChannels;
        if (Config.TextDim != _textEncoder.Config.Dim || channels != Autoencoder.Config.LatentChannels)
        {
            string needed = channels == Autoencoder.Config.LatentChannels ? ""
                : channels == WanAutoencoderConfig.Wan22.LatentChannels ? " It needs Wan2.2_VAE (.safetensors or .pth)."
                : channels == WanAutoencoderConfig.Wan21.LatentChannels ? " It needs Wan2.1_VAE (.safetensors or .pth)."
                : "";
            throw new ModelFormatException(
                name,
                $"The parts of '{name}' do not fit: the transformer takes text of {Config.TextDim} and latents of {channels} channels, "
                + $"the text encoder gives {_textEncoder.Config.Dim}, the autoencoder {Autoencoder.Config.LatentChannels}.{needed}");
        }

        if (Pictures is { } pictures && pictures.Encoder.Config.Dim != Config.ImageDim)
        {
            throw new ModelFormatException(
                name,
                $"The parts of '{name}' do not fit: the transformer takes image tokens of {Config.ImageDim}, the image encoder gives "
                    + $"{pictures.Encoder.Config.Dim}.");
        }
    }

    private void CheckDefaults(ModelFolder folder)
    {
        IReadOnlyList<FieldViolation> violations = GenerationRequestValidation.Violations(folder.Defaults.ToRequest("a clip", seed: 0), Grid);
        if (violations.Count > 0)
        {
            throw new ModelFormatException(
                folder.Name,
                $"The defaults of '{folder.Name}' are not possible: "
                    + $"{string.Join("; ", violations.Select(violation => $"{violation.Field} {violation.Description}"))}");
        }
    }

    private ModelDescription Describe(ModelFolder folder, Device device, ScalarType dataType) => new()
    {
        Name = folder.Name,
        Variant = HasExperts && Config.Variant == WanTransformerConfig.T2V14B.Variant ? "Wan2.2-T2V-A14B" : Config.Variant,
        Hash = folder.ComputeHash(),
        Device = device.ToString(),
        DataType = NumberType.NameOf(dataType),
        Kernels = CpuKernels.NameOn(device),
        Parameters = Experts.ParameterCount + _textEncoder.Parameters.Values.Sum(weight => weight.ElementCount)
            + Autoencoder.Parameters.Values.Sum(weight => weight.numel()) + (Pictures?.Encoder.ParameterCount ?? 0),
        MaxTextTokens = Config.TextLength,
        IsTrained = folder.IsTrained,
        TakesFirstFrame = NeedsFirstFrame || (folder.Files.ExpandsTimesteps ?? Config.TakesFirstFrame),
        NeedsFirstFrame = NeedsFirstFrame,
        Sizes = new GenerationSizes
        {
            WidthStep = Grid.WidthStep, HeightStep = Grid.HeightStep, FrameStep = Grid.FrameStep, FrameOffset = Grid.FrameOffset,
        },
        License = folder.License,
        Defaults = folder.Defaults,
        Lexicon = folder.Lexicon,
        TrainingData = folder.TrainingData,
    };
}
