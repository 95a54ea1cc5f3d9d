using MedGen.Classifiers.Training;

namespace MedGen.Cli.Output;

/// <summary>Shows how far a training is. Progress&lt;T&gt; would report on another thread, out of order.</summary>
internal sealed class TrainingReport(bool json, Action<string, double> show) : IProgress<ClassifierTrainingProgress>
{
    public void Report(ClassifierTrainingProgress value)
    {
        if (json)
        {
            JsonLines.Write(value);
        }
        else if (value.Message is { } message)
        {
            Console.Error.WriteLine($"warning: {message}");
        }

        show(value.Loss is { } loss ? $"{value.Stage} (loss {loss:0.000})" : value.Stage, (double)value.Done / Math.Max(1, value.Total));
    }
}
