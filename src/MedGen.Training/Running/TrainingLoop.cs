using System.Diagnostics;
using MedGen.Training.Checkpoints;
using MedGen.Training.Optimization;
using MedGen.Training.Recipes;
using static TorchSharp.torch;

namespace MedGen.Training.Running;

/// <summary>
/// Steps of one run: batches from background threads, forward and backward passes, clipping, the optimiser, checkpoints, samples, log. Stays on the
/// calling thread; run nothing else on torch meanwhile.
/// </summary>
/// <typeparam name="TBatch">What a forward pass needs.</typeparam>
/// <param name="trainee">What is trained.</param>
/// <param name="run">How.</param>
/// <param name="checkpoint">Where the state is kept.</param>
/// <param name="samples">Folder for sample pictures; null: none are drawn.</param>
/// <param name="plot">Draws the curves of the log so far; called after each checkpoint.</param>
internal sealed class TrainingLoop<TBatch>(ITrainee<TBatch> trainee, RunRecipe run, TrainingCheckpoint checkpoint, string? samples, Action plot)
{
    private readonly TrainingPlan _plan = new(run);
    private int _checkpointStep;

    /// <summary>Trains to the end.</summary>
    /// <param name="optimizer">Optimiser with the state to go on from.</param>
    /// <param name="firstStep">Steps that were taken before.</param>
    /// <param name="log">Gets a line a step.</param>
    /// <param name="cancellationToken">Stops after the step; a checkpoint is written then.</param>
    /// <exception cref="TrainingDivergedException">The loss is no finite number any more.</exception>
    public void Run(Optimizer optimizer, int firstStep, RunLog log, CancellationToken cancellationToken)
    {
        _checkpointStep = firstStep;
        using OrderedPrefetch<TBatch> batches = new(
            pass => trainee.MakeBatch(_plan.PlaceOf(pass)), _plan.FirstPassOf(firstStep), _plan.Passes, run.Workers, run.ReadAhead);
        if (firstStep == 0 && run.Kind == RunKind.Lora && run.SampleEvery > 0)
        {
            // An adapter starts as nothing: this is the base, to compare with.
            Show(0, isLast: false, log);
        }

        Stopwatch watch = Stopwatch.StartNew();
        double clipsPerSecond = 0;
        for (int step = firstStep; step < _plan.Steps; step++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Save(step, optimizer);
                cancellationToken.ThrowIfCancellationRequested();
            }

            StageRecipe stage = _plan.StageAt(step);
            double rate = optimizer.LearningRateAt(step, _plan.Steps);
            (double loss, double norm, Dictionary<string, double> metrics) = Step(batches, step, stage, optimizer, rate, log.Run);
            double speed = stage.Batch * stage.Accumulate / Math.Max(1e-6, watch.Elapsed.TotalSeconds);
            watch.Restart();
            clipsPerSecond = clipsPerSecond == 0 ? speed : (0.9 * clipsPerSecond) + (0.1 * speed);
            log.Write(new TrainingProgress
            {
                Run = log.Run, Event = "train", Stage = stage.Name, Done = step
                    + 1, Total = _plan.Steps, Loss = loss, GradientNorm = norm, LearningRate = rate,
                ClipsPerSecond = Math.Round(clipsPerSecond, 2), Metrics = metrics.Count > 0 ? metrics : null,
            });
            bool isLast = step + 1 == _plan.Steps;
            if (isLast || (step + 1) % run.CheckpointEvery == 0)
            {
                Save(step + 1, optimizer);
            }

            if (!isLast && run.SampleEvery > 0 && (step + 1) % run.SampleEvery == 0)
            {
                Show(step + 1, isLast: false, log);
                watch.Restart();
            }
        }

        // Also when all steps were taken before: a kill may have come between the last checkpoint and this.
        Show(_plan.Steps, isLast: true, log);
    }

    private (double Loss, double Norm, Dictionary<string, double> Metrics) Step(
        OrderedPrefetch<TBatch> batches, int step, StageRecipe stage, Optimizer optimizer, double rate, string runName)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> metrics = [];
        Tensor total = zeros(1, device: trainee.Parameters.Values.device);
        trainee.Parameters.Values.grad?.zero_();
        for (int part = 0; part < stage.Accumulate; part++)
        {
            TBatch batch = batches.Take();
            using var inner = NewDisposeScope();
            metrics.Clear();
            Tensor loss = trainee.Loss(batch, _plan.PlaceOf(_plan.FirstPassOf(step) + part), trainee.Parameters.Pieces(), metrics) / stage.Accumulate;
            loss.backward();
            total.add_(loss.detach());
            foreach (Tensor value in metrics.Values)
            {
                value.MoveToOuterDisposeScope();
            }
        }

        using var noGrad = no_grad();
        Tensor gradient = trainee.Parameters.Values.grad!;
        Tensor norm = gradient.norm();
        // One look at the device for all numbers.
        string[] names = [.. metrics.Keys];
        float[] numbers = stack([total.squeeze(0), norm, .. names.Select(name => metrics[name].to_type(ScalarType.Float32))]).cpu().data<float>()
            .ToArray();
        if (!float.IsFinite(numbers[0]) || !float.IsFinite(numbers[1]))
        {
            throw new TrainingDivergedException(runName, step + 1, numbers[0], numbers[1], _checkpointStep);
        }

        if (numbers[1] > optimizer.Options.ClipNorm)
        {
            gradient.mul_(optimizer.Options.ClipNorm / numbers[1]);
        }

        optimizer.Step(step, rate);
        return (numbers[0], numbers[1],
            names.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => (double)numbers[pair.index + 2]));
    }

    private void Save(int step, Optimizer optimizer)
    {
        if (step > _checkpointStep || (step > 0 && !checkpoint.Exists))
        {
            checkpoint.Save(step, trainee.Parameters, optimizer);
            _checkpointStep = step;
            plot();
        }
    }

    private void Show(int step, bool isLast, RunLog log)
    {
        if (Validate() is { } validation)
        {
            log.Write(
                new TrainingProgress
                {
                    Run = log.Run,
                    Event = "validate",
                    Stage = _plan.StageAt(Math.Max(0, step - 1)).Name,
                    Done = step,
                    Total = _plan.Steps,
                    Loss = validation.Loss,
                    Metrics = validation.Metrics.Count > 0 ? validation.Metrics : null,
                });
        }

        trainee.Export(isLast);
        if (samples is not null)
        {
            Directory.CreateDirectory(samples);
            trainee.DrawSamples(Path.Combine(samples, $"step-{step:D7}.png"));
        }
    }

    private (double Loss, IReadOnlyDictionary<string, double> Metrics)? Validate()
    {
        using var noGrad = no_grad();
        List<double> losses = [];
        List<KeyValuePair<string, double>> numbers = [];
        foreach ((TBatch batch, TrainingPlace place) in trainee.ValidationBatches())
        {
            using var scope = NewDisposeScope();
            Dictionary<string, Tensor> metrics = [];
            losses.Add(trainee.Loss(batch, place, trainee.Parameters.AveragePieces(), metrics).item<float>());
            numbers.AddRange(metrics.Select(
                metric => KeyValuePair.Create(metric.Key, (double)metric.Value.to_type(ScalarType.Float32).item<float>())));
        }

        return losses.Count > 0
            ? (losses.Average(), numbers.GroupBy(one => one.Key).ToDictionary(metric => metric.Key, metric => metric.Average(one => one.Value)))
            : null;
    }
}
