using System.Text.Json;
using MedGen.Datasets.Specifications;
using MedGen.Datasets.Adapters;
using MedGen.Datasets.Augmentation;
using MedGen.Evaluation.Studies;

namespace MedGen.Evaluation.Tests.Studies;

public sealed class StudyPoolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-pool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_ClipOfAnAdapterOfThePool_DependsOnAllPatientsThatTheAdapterHasSeen()
    {
        foreach (string name in new[] { "a.mp4", "b.mp4", "c.mp4" })
        {
            File.WriteAllText(Path.Combine(_folder, name), "video");
        }

        File.WriteAllLines(
            Path.Combine(_folder, "metadata.csv"),
            ["file_name,label,split,patient_id,adapter", "a.mp4,x,train,p1,adapted-0", "b.mp4,x,train,,elsewhere", "c.mp4,x,train,p2,"]);
        AdapterRecord record = new()
        {
            Name = "adapted-0", Key = "k", Sha256 = "s", ModelHash = "m", Method = 0, Clips = 3, Patients = ["p1", "p2", "p3"], Loss = new AdapterTrainingResult(1, 1),
            Training = new() { Scope = default, Steps = 1, Rank = 1, LearningRate = 1, BatchSize = 1 },
        };
        Directory.CreateDirectory(Path.Combine(_folder, "adapters"));
        File.WriteAllText(Path.Combine(_folder, "adapters", "adapted-0.json"), JsonSerializer.Serialize(record, SpecificationJson.Options));

        StudyPool.Read(_folder).OrderBy(item => item.FileName).Select(item => item.PatientId).ShouldBe(["p1|p2|p3", null, "p2"]);
    }
}
