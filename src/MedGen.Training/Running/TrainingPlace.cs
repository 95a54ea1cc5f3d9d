using MedGen.Training.Recipes;

namespace MedGen.Training.Running;

/// <summary>One forward pass of a run.</summary>
/// <param name="Stage">Its stage.</param>
/// <param name="StageIndex">Position of the stage in the run.</param>
/// <param name="Step">Optimiser step, from 0.</param>
/// <param name="Part">Which of the passes of the step, from 0.</param>
/// <param name="Purpose">Part of the seed: what is drawn for training differs from what is drawn for validation.</param>
internal sealed record TrainingPlace(StageRecipe Stage, int StageIndex, int Step, int Part, string Purpose = "train");
