using MedGen.Training.Recipes;

namespace MedGen.Training.Running;

/// <summary>Which stage each step of a run belongs to, and the order of all forward passes.</summary>
internal sealed class TrainingPlan
{
    private readonly List<(StageRecipe Stage, int FirstStep, int FirstPass)> _stages = [];

    public TrainingPlan(RunRecipe run)
    {
        foreach (StageRecipe stage in run.Stages)
        {
            _stages.Add((stage, Steps, Passes));
            Steps = checked(Steps + stage.Steps);
            Passes = checked(Passes + (stage.Steps * stage.Accumulate));
        }
    }

    /// <summary>Optimiser steps in all.</summary>
    public int Steps { get; }

    /// <summary>Forward passes in all.</summary>
    public int Passes { get; }

    /// <summary>Stage of a step.</summary>
    public StageRecipe StageAt(int step) => _stages.Last(stage => stage.FirstStep <= step).Stage;

    /// <summary>First forward pass of a step.</summary>
    public int FirstPassOf(int step)
    {
        if (step >= Steps)
        {
            return Passes;
        }

        (StageRecipe stage, int firstStep, int firstPass) = _stages.Last(stage => stage.FirstStep <= step);
        return firstPass + ((step - firstStep) * stage.Accumulate);
    }

    /// <summary>What a forward pass is.</summary>
    public TrainingPlace PlaceOf(int pass)
    {
        int index = _stages.FindLastIndex(stage => stage.FirstPass <= pass);
        (StageRecipe stage, int firstStep, int firstPass) = _stages[index];
        (int step, int part) = Math.DivRem(pass - firstPass, stage.Accumulate);
        return new TrainingPlace(stage, index, firstStep + step, part);
    }
}
