using System.Globalization;
using MedGen.Sdk.Errors;
using static TorchSharp.torch;

namespace MedGen.Torch.Operations;

/// <summary>The number types that networks compute in, by the names that people write.</summary>
public static class NumberType
{
    /// <summary>bfloat16 where the device multiplies it in hardware, else float32.</summary>
    public const string Auto = "auto";

    /// <summary>32 bits.</summary>
    public const string Float32 = "float32";

    /// <summary>16 bits with the range of float32.</summary>
    public const string Bfloat16 = "bfloat16";

    /// <summary>The names as a regular expression, for options.</summary>
    public const string Pattern = "auto|float32|bfloat16";

    /// <summary>Reads a name.</summary>
    /// <param name="name"><c>auto</c>, <c>float32</c> or <c>bfloat16</c>.</param>
    /// <param name="device">Where it is computed, for <c>auto</c>. Every GPU counts as one that has bfloat16: all since Ampere (2020) do.</param>
    /// <returns>The number type.</returns>
    /// <exception cref="InvalidInputException">Another name; the field is <c>dtype</c>.</exception>
    public static ScalarType Parse(string name, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return name switch
        {
            Auto => device.type != TorchSharp.DeviceType.CPU || CpuKernels.Current.HasBfloat16 ? ScalarType.BFloat16 : ScalarType.Float32,
            Float32 => ScalarType.Float32,
            Bfloat16 => ScalarType.BFloat16,
            _ => throw new InvalidInputException("dtype", $"got '{name}'; allowed: {Auto}, {Float32}, {Bfloat16}."),
        };
    }

    /// <summary>
    /// What to tell whoever chose a number type that the device must emulate; the ratio in it is measured now, in a fraction of a second.
    /// </summary>
    /// <param name="type">The number type.</param>
    /// <param name="device">The device.</param>
    /// <returns>One sentence; null: nothing is emulated.</returns>
    public static string? EmulationWarning(ScalarType type, Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return CpuKernels.Current.Emulates(type, device.type)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"bfloat16 is emulated on this processor (kernels {CpuKernels.Current.Name}): "
                    + $"a linear takes {CpuKernels.MeasureBfloat16():F2} times as long as in float32, which auto would take.")
            : null;
    }

    /// <summary>Names a number type.</summary>
    /// <param name="type">float32 or bfloat16.</param>
    /// <returns>Its name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another type.</exception>
    public static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => Float32,
        ScalarType.BFloat16 => Bfloat16,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Networks compute in float32 or bfloat16."),
    };
}
