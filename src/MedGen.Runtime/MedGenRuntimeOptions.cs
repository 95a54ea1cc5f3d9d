using System.ComponentModel.DataAnnotations;
using MedGen.Torch.Operations;

namespace MedGen.Runtime;

/// <summary>What the runtime loads and how much it takes on.</summary>
public sealed class MedGenRuntimeOptions
{
    /// <summary>Folder of the model, or a medgen.json that names its files; null: no model, and generation says so.</summary>
    public string? ModelPath { get; set; }

    /// <summary>
    /// Folders of the adapters (LoRA) that requests may name, each a file <c>NAME.safetensors</c> in it or in a folder NAME of it. Where several have
    /// a name, the first counts; one that is not there yet is empty. Those of a tenant are reached as TENANT/NAME.
    /// </summary>
    public IList<AdapterFolder> AdapterFolders { get; } = [];

    /// <summary>Bytes that resident adapters may take, 1 MiB to 1 TiB; default 1 GiB. The one that was used longest ago gives way.</summary>
    [Range(1L << 20, 1L << 40)]
    public long AdapterBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Folder where the text encoder's rows of prompts are kept between runs, at most 1 GiB; null (default): in memory only. They tell about the
    /// prompts: keep it as private.
    /// </summary>
    public string? EmbeddingFolder { get; set; }

    /// <summary>Device of the model and of all device work: <c>cpu</c> (default) or <c>cuda:N</c>.</summary>
    [Required]
    [RegularExpression("cpu|cuda(:[0-9]{1,2})?", ErrorMessage = "Device is cpu or cuda:N.")]
    public string Device { get; set; } = "cpu";

    /// <summary>
    /// Number type of the transformer's arithmetic: <c>auto</c> (default: bfloat16 where the device multiplies it in hardware, else float32),
    /// <c>float32</c> or <c>bfloat16</c>.
    /// </summary>
    [Required]
    [RegularExpression(NumberType.Pattern, ErrorMessage = "DataType is auto, float32 or bfloat16.")]
    public string DataType { get; set; } = NumberType.Auto;

    /// <summary>Requests that may wait for the device, 1 to 10,000; default 64. One more is refused with a time to try again.</summary>
    [Range(1, 10_000)]
    public int QueueLimit { get; set; } = 64;

    /// <summary>
    /// Generations that take turns on the device, step by step, 1 to 64; default 8. Each holds its latents and, while decoding, its cache.
    /// </summary>
    [Range(1, 64)]
    public int SessionLimit { get; set; } = 8;

    /// <summary>
    /// Generations of one shape share a forward of up to so many tokens, 0 to 1,000,000; 0: never. Requests that ask for it are always served alone.
    /// Default 1,024: up to there it pays on a CPU by the table of <c>bench batching</c> (docs/serving.md).
    /// </summary>
    [Range(0, 1_000_000)]
    public int SharedForwardTokens { get; set; } = 1024;

    /// <summary>
    /// Bytes that weights, sessions and intermediate results may take together, 0 to 16 TiB; 0 (default): four fifths of what this process may use.
    /// </summary>
    [Range(0L, 1L << 44)]
    public long MemoryLimitBytes { get; set; }

    /// <summary>Threads of one operation on the CPU, 0 to 256; 0 (default): one a core.</summary>
    [Range(0, 256)]
    public int Threads { get; set; }

    /// <summary>
    /// How long one piece of work, such as a step, may hold the device before the host says that it is not ready, 1 min to 24 h. Default 30 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan DeviceStallLimit { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the stop of the host waits for the work that is on the device, 0 to 10 min. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopLimit { get; set; } = TimeSpan.FromSeconds(10);

    internal long MemoryLimit() => MemoryLimitBytes > 0 ? MemoryLimitBytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4;
}
