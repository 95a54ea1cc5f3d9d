using System.Globalization;
using MedGen.Abstractions.Errors;
using MedGen.Torch.Safetensors;
using MedGen.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Training.Checkpoints;

/// <summary>
/// The whole state of a run in one file: weights, their running average, the optimiser's moments, and the number of steps taken, on which all randomness and the
/// position in the data depend (see <see cref="StepRandom"/>). The file is replaced only when the new one is complete on disk.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="fingerprint">Identity of recipe and weights; a checkpoint of another is refused.</param>
internal sealed class TrainingCheckpoint(string path, string fingerprint)
{
    /// <summary>Whether there is one.</summary>
    public bool Exists => File.Exists(path);

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
                new Dictionary<string, string> { ["steps"] = steps.ToString(CultureInfo.InvariantCulture), ["fingerprint"] = fingerprint });
        }
        catch (IOException exception)
        {
            throw new ResourceExhaustedException(
                "DISK_FULL", $"The checkpoint after {steps} steps could not be written ({exception.Message}); the one before it is untouched: make room and go on with --resume.");
        }
    }

    /// <summary>Reads the state.</summary>
    /// <param name="parameters">Gets the weights.</param>
    /// <param name="optimizer">Gets the moments.</param>
    /// <returns>Steps taken.</returns>
    /// <exception cref="FailedPreconditionException">The checkpoint is of another recipe or other weights.</exception>
    /// <exception cref="ModelFormatException">The file is broken.</exception>
    public int Load(ParameterVector parameters, Optimizer optimizer)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        using SafetensorsFile file = SafetensorsFile.Open(path);
        if (file.Metadata.GetValueOrDefault("fingerprint") != fingerprint)
        {
            throw new FailedPreconditionException(
                "CHECKPOINT_MISMATCH",
                $"{Path.GetFileName(path)} belongs to another recipe; resume with the recipe that the run was started with, or choose another folder.");
        }

        foreach ((string name, Tensor target) in Tensors(parameters.Values, parameters, optimizer))
        {
            target.copy_(file.Read(name));
        }

        return int.Parse(file.Metadata["steps"], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static Dictionary<string, Tensor> Tensors(Tensor values, ParameterVector parameters, Optimizer optimizer) => new()
    {
        ["weights"] = values,
        ["average"] = parameters.Average,
        ["first_moment"] = optimizer.FirstMoment,
        ["second_moment"] = optimizer.SecondMoment,
    };
}
