using System.ComponentModel.DataAnnotations;
using MedGen.Torch.Operations;

namespace MedGen.Training.Running;

/// <summary>Where and how a recipe is trained; what is trained stands in the recipe.</summary>
public sealed record TrainingOptions
{
    /// <summary>Folder for the model, checkpoints, samples, logs.</summary>
    [Required]
    public required string OutputFolder { get; init; }

    /// <summary>Go on from the checkpoints in the folder.</summary>
    public bool Resume { get; init; }

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>. Default cpu.</summary>
    [RegularExpression("cpu|cuda(:[0-9]{1,2})?", ErrorMessage = "cpu, cuda, cuda:N")]
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// <c>auto</c>, <c>float32</c> or <c>bfloat16</c> instead of what the recipe says; null: as it says. A resumed run keeps what <c>auto</c> was
    /// when it began.
    /// </summary>
    [AllowedValues(NumberType.Auto, NumberType.Float32, NumberType.Bfloat16, null)]
    public string? Dtype { get; init; }

    /// <summary>Whether pictures of what is trained are drawn. Default: yes.</summary>
    public bool DrawsSamples { get; init; } = true;

    /// <summary>Whether the numbers are written as TensorBoard event files, too. Default: no.</summary>
    public bool WritesTensorBoard { get; init; }

    /// <summary>
    /// Folder for decoded clips, latents and text rows, which several trainings may share; null: <c>cache</c> in the output folder.
    /// </summary>
    public string? CacheFolder { get; init; }
}
