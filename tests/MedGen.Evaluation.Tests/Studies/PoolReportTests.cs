using MedGen.Evaluation.Studies;

namespace MedGen.Evaluation.Tests.Studies;

public sealed class PoolReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-pool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_OfAManifest_CountsMadeClipsByReasonAndGeneratedOnesByTheirNearness()
    {
        File.WriteAllLines(Path.Combine(_folder, "manifest.csv"),
        [
            "file_name,source,method,origin,kept,reject_reason,nn_distance",
            "r.mp4,real,,,true,,",
            "1.mp4,synthetic,classic,altered,true,,0.02",
            "2.mp4,synthetic,classic,altered,false,\"duplicate: of 1, nearly\",0.02",
            "3.mp4,synthetic,prompted,generated,true,,0.75",
            "4.mp4,synthetic,prompted,generated,false,privacy: correlation 0.95,0.05",
            "5.mp4,synthetic,prompted,generated,false,quality: blur,1.3",
        ]);

        PoolReport pool = PoolReport.Read("mixed", _folder, 0.9);

        (pool.Made, pool.Kept, pool.Generated, pool.RejectedForPrivacy).ShouldBe((5, 2, 3, 1));
        pool.Methods.ShouldBe(["classic", "prompted"]);
        pool.Rejected.ShouldBe(new Dictionary<string, int> { ["duplicate"] = 1, ["privacy"] = 1, ["quality"] = 1 });
        pool.Correlations.ShouldBe([1, 0, 1, 0, 0, 0, 0, 0, 0, 1]);
    }
}
