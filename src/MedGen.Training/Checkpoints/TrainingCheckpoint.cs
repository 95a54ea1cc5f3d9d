using System.Globalization;
using MedGen.Sdk.Errors;
using MedGen.Torch.Safetensors;
using MedGen.Training.Optimization;
using static TorchSharp.torch;

namespace MedGen.Training.Checkpoints;

/// <summary>
/// The whole state of a run in one file: weights, their running average, the optimiser's moments, and the number of steps taken, on which all
/// randomness and the position in the data depend (see <see cref="StepRandom"/>). The file is replaced only when the new one is complete on disk.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="fingerprint">Identity of recipe and weights; a checkpoint of another is refused.</param>
/// <param name="dataType">Number type that the run computes in; a checkpoint of another is refused.</param>
/// <param name="kernels">Kernels that the run computes with; a checkpoint of others is refused, since it would not go on with the same
/// numbers.</param>
internal sealed class TrainingCheckpoint(string path, string fingerprint, string dataType, string kernels)
{
    private const string DataTypeKey = "data_type";
    private const string KernelsKey = "kernels";

    /// <summary>Whether there is one.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>The number type that a run was begun in.</summary>
    /// <param name="path">Its checkpoint.</param>
    /// <returns>Its name; null: there is no checkpoint, or one from before it was noted.</returns>
    /// <exception cref="ModelFormatException">The file is broken.</exception>
    public static string? DataTypeOf(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Metadata.GetValueOrDefault(DataTypeKey);
    }

    /// <summary>Writes the state.</summary>
    /// <param name="steps">Steps taken.</param>
    /// <param name="parameters">Weights.</param>
    /// <param name="optimizer">Moments.</param>
    /// <exception cref="ResourceExhaustedException">The disk is full; the file is as it was before.</exception>
    public void Save(int steps, ParameterVector parameters, Optimizer optimizer)
    {
        using Tensor values = parameters.Values.detach();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            SafetensorsWriter.Write(
                path,
                Tensors(values, parameters, optimizer),
                new Dictionary<string, string>
                {
                    ["steps"] = steps.ToString(
                        CultureInfo.InvariantCulture), ["fingerprint"] = fingerprint, [DataTypeKey] = dataType, [KernelsKey] = kernels,
                });
        }
        catch (IOException exception)
        {
            throw new ResourceExhaustedException(
                "DISK_FULL",
                $"The checkpoint after {steps} steps could not be written ({exception.Message}); the one before it is untouched: make room and go "
                    + "on with --resume.");
        }
    }

    /// <summary>Reads the state.</summary>
    /// <param name="parameters">Gets the weights.</param>
    /// <param name="optimizer">Gets the moments.</param>
    /// <returns>Steps taken.</returns>
    /// <exception cref="FailedPreconditionException">The checkpoint is of another recipe, other weights, another number type or other
    /// kernels.</exception>
    /// <exception cref="ModelFormatException">The file is broken.</exception>
    public int Load(ParameterVector parameters, Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Require(
            file.Metadata.GetValueOrDefault("fingerprint") == fingerprint,
            "belongs to another recipe; resume with the recipe that the run was started with, or choose another folder.");
        string begunIn = file.Metadata.GetValueOrDefault(DataTypeKey, dataType);
        Require(begunIn == dataType, $"was computed in {begunIn}, not in {dataType}; resume with --dtype {begunIn}, or choose another folder.");
        string begunWith = file.Metadata.GetValueOrDefault(KernelsKey, kernels);
        Require(
            begunWith == kernels,
            $"was computed with the kernels {begunWith}, this machine has {kernels} and would go on with other numbers; resume on a machine with "
                + "the same ('medgen doctor' names them), or choose another folder.");

        foreach ((string name, Tensor target) in Tensors(parameters.Values, parameters, optimizer))
        {
            target.copy_(file.Read(name));
        }

        return int.Parse(file.Metadata["steps"], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FailedPreconditionException("CHECKPOINT_MISMATCH", $"{Path.GetFileName(path)} {otherwise}");
        }
    }

    private static Dictionary<string, Tensor> Tensors(Tensor values, ParameterVector parameters, Optimizer optimizer) => new()
    {
        ["weights"] = values,
        ["average"] = parameters.Average,
        ["first_moment"] = optimizer.FirstMoment,
        ["second_moment"] = optimizer.SecondMoment,
    };
}
