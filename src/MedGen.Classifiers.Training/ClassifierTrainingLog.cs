using MedGen.Datasets.Reports;

namespace MedGen.Classifiers.Training;

/// <summary>Writes progress as JSON lines and passes it on.</summary>
internal sealed class ClassifierTrainingLog(string path, IProgress<ClassifierTrainingProgress>? progress) : IDisposable
{
    private readonly StreamWriter _file = new(path, append: true) { AutoFlush = true };

    public void Report(string stage, int done, int total, double? loss) => Write(new() { Stage = stage, Done = done, Total = total, Loss = loss });

    public void Warn(string message, int done, int total) => Write(new() { Stage = "warning", Done = done, Total = total, Message = message });

    public void Dispose() => _file.Dispose();

    private void Write(ClassifierTrainingProgress entry)
    {
        _file.WriteLine(ReportJson.Line(entry));
        progress?.Report(entry);
    }
}
