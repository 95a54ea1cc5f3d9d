using System.Text.Json;

namespace MedGen.Training;

/// <summary>Writes progress as JSON lines and passes it on.</summary>
internal sealed class ClassifierTrainingLog(string path, IProgress<ClassifierTrainingProgress>? progress) : IDisposable
{
    private readonly StreamWriter _file = new(path, append: true) { AutoFlush = true };

    public void Report(string stage, int done, int total, double? loss)
    {
        var entry = new ClassifierTrainingProgress { Stage = stage, Done = done, Total = total, Loss = loss };
        _file.WriteLine(JsonSerializer.Serialize(entry, JsonSerializerOptions.Web));
        progress?.Report(entry);
    }

    public void Dispose() => _file.Dispose();
}
