using MedGen.Classifiers.Modality;
using MedGen.Datasets.Augmentation;
using MedGen.Datasets.Clips;
using MedGen.Datasets.Filters;
using MedGen.Datasets.Reading;
using MedGen.Datasets.Reidentification;
using MedGen.Phantoms;
using MedGen.Sdk.Augmentation;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;

namespace MedGen.Evaluation.Tests.Studies;

/// <summary>The learnt privacy check on simulated hearts, all in the same sector on black: what differs is the patient alone.</summary>
public sealed class ReidentificationTests : IDisposable
{
    private const int Patients = 40;
    private static readonly ClipShape Shape = new() { Width = 64, Height = 64, NumFrames = 9, FramesPerSecond = 8 };
    private static readonly PrivacyFilterOptions Options = new() { Learnt = true, Quantile = 0.9 };
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-patients-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Head_OfPatientsWhoseClipsDifferMoreThanTheyDo_FindsPatientsThatItHasNotSeen()
    {
        Random random = new(3);
        double[][][] patients = [.. Enumerable.Range(0, 84).Select(_ => Clips(random, clips: 5))];

        ContrastiveHead head = ContrastiveHead.Fit(patients[..64], seed: 1, Token);

        // Of each unseen patient the clip that is nearest to another one of the same patient's, against how it is without the head.
        double with = FoundBy(head.Project);
        double without = FoundBy(features => [.. features.Select(value => value / Math.Sqrt(features.Sum(other => other * other)))]);
        TestContext.Current.TestOutputHelper?.WriteLine($"with the head {with}, without {without}");
        with.ShouldBeGreaterThan(0.85);
        without.ShouldBeLessThan(0.55);
        head.Project(patients[0][0]).Sum(value => value * value).ShouldBe(1, 1e-9);
        ContrastiveHead.Fit(patients[..64], seed: 1, Token).Project(patients[70][0]).ShouldBe(head.Project(patients[70][0]));

        double FoundBy(Func<double[], double[]> project)
        {
            (int Patient, double[] Vector)[] unseen = [.. patients.Index().Skip(64).SelectMany(own => own.Item[..2].Select(clip => (own.Index, project(clip))))];
            return unseen.Average(one => unseen.Where(other => other.Vector != one.Vector)
                .MaxBy(other => ContrastiveHead.Cosine(one.Vector, other.Vector)).Patient == one.Patient ? 1.0 : 0);
        }
    }

    [Fact, Long]
    public async Task TrainAsync_OnPatientsOfOneSector_FindsAlteredCopiesAndLetsStrangersPass()
    {
        using Pretrained features = new();
        DecodedClip[] training = await TrainingAsync(Patients);
        PatientReidentification patients = await PatientReidentification.TrainAsync(Options, features, training, Shape, seed: 1, (_, _) => Task.CompletedTask, Token);
        ClipJudge judge = new(
            new FilterOptions { Quality = new() { Enabled = false }, Outliers = new() { Enabled = false }, Duplicates = new() { Enabled = false }, Privacy = new() { Enabled = false } },
            training, [], _ => "a", patients);
        Random random = new(7);

        foreach (CopyAlteration alteration in Enum.GetValues<CopyAlteration>())
        {
            int refused = 0;
            DecodedClip[] copied = [.. training.Where((_, i) => i % 3 == 0)];
            foreach (DecodedClip clip in copied)
            {
                byte[] copy = CopyView.Of(await clip.ReadAsync(Token), Shape, alteration, random);
                string? reason = Judge(copy).RejectReason;
                refused += reason?.StartsWith("reidentification: the learnt cosine", StringComparison.Ordinal) == true ? 1 : 0;
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{alteration}: {refused}/{copied.Length}");
            refused.ShouldBeGreaterThanOrEqualTo(copied.Length * 3 / 4, alteration.ToString());
        }

        int wrong = Enumerable.Range(1000, 20).Count(seed => Judge(Heart(seed)).RejectReason is not null);
        TestContext.Current.TestOutputHelper?.WriteLine($"strangers refused {wrong}/20; {patients.Report}; {string.Join(", ", patients.Report.Found)}");
        wrong.ShouldBeLessThanOrEqualTo(5);
        (patients.Report.FittedPatients, patients.Report.HeldOutPatients).ShouldBe((Patients / 2, Patients / 2));
        patients.Report.Found.Keys.ShouldBe(["gain", "zoom", "crop", "speed"]);
        Judge(await training[0].ReadAsync(Token), ClipOrigin.Altered).RejectReason.ShouldBeNull();

        ClipJudge.Verdict Judge(byte[] pixels, ClipOrigin origin = ClipOrigin.Generated) =>
            judge.Judge(new CandidateClip("a", null, origin, ClipDescriptor.Of(pixels, Shape), ClipQuality.Of(pixels, Shape), pixels));
    }

    [Fact]
    public async Task TrainAsync_WithTooFewPatients_NamesTheCountsAndIsRefusedWhereItIsRequired()
    {
        using MedGen.Evaluation.Studies.Features.ThumbnailFeatures features = new();
        DecodedClip[] training = await TrainingAsync(19);

        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => PatientReidentification.TrainAsync(
            Options, features, training, Shape, seed: 1, (_, _) => Task.CompletedTask, Token));
        PatientReidentification open = await PatientReidentification.TrainAsync(
            new PrivacyFilterOptions(), features, training, Shape, seed: 1, (_, _) => Task.CompletedTask, Token);

        error.Violations[0].Field.ShouldBe("filters.privacy.learnt");
        error.Message.ShouldContain("9 held-out patients (19 in the training split, of which half train it), and the quantile 0.9 needs 10 or more, 20 in all");
        open.Report.NotMade.ShouldNotBeNull().ShouldContain("the quantile 0.95 needs 20 or more, 40 in all");
        open.Nearest(Heart(1)).ShouldBeNull();
    }

    [Fact]
    public async Task TrainAsync_WithoutFeaturesOrTurnedOff_SaysSo()
    {
        DecodedClip[] training = await TrainingAsync(1);

        (await NotMadeAsync(new PrivacyFilterOptions())).ShouldStartWith("there are no pretrained features at hand");
        (await NotMadeAsync(new PrivacyFilterOptions { Learnt = false })).ShouldBe("it was turned off");

        async Task<string> NotMadeAsync(PrivacyFilterOptions options) => (await PatientReidentification.TrainAsync(
            options, null, training, Shape, seed: 1, (_, _) => Task.CompletedTask, Token)).Report.NotMade!;
    }

    private async Task<DecodedClip[]> TrainingAsync(int patients)
    {
        List<DecodedClip> clips = [];
        for (int i = 0; i < patients; i++)
        {
            DatasetItem item = new() { FileName = $"{i}.mp4", FullPath = $"/{i}.mp4", Label = "a", PatientId = $"p{i}", Split = DatasetSplit.Train };
            clips.Add(await DecodedClip.CreateAsync(item, Path.Combine(_folder, $"{i}.rgb"), Shape, Heart(i), Token));
        }

        return [.. clips];
    }

    // Patients differ in six of 40 numbers; their clips differ more, in fourteen others.
    private static double[][] Clips(Random random, int clips)
    {
        double[] patient = [.. Enumerable.Range(0, 6).Select(_ => random.NextDouble() - 0.5)];
        return
        [
            .. Enumerable.Range(0, clips).Select(_ => Enumerable.Range(0, 40).Select(d =>
                ((random.NextDouble() - 0.5) * (d < 6 ? 0.1 : d < 20 ? 1 : 0.1)) + (d < 6 ? patient[d] : 0)).ToArray()),
        ];
    }

    private static byte[] Heart(int seed)
    {
        PhantomRequest request = new()
        {
            Seed = seed, Width = Shape.Width, Height = Shape.Height, NumFrames = Shape.NumFrames, FramesPerSecond = Shape.FramesPerSecond,
            Parameters = new Dictionary<string, string> { ["view"] = "apical four-chamber", ["sector"] = "80", ["depth"] = "150", ["overlay"] = "none" },
        };
        List<byte> pixels = [];
        foreach (VideoFrame frame in PhantomCatalog.Get("us-cardiac").Simulate(request).Frames)
        {
            using (frame)
            {
                pixels.AddRange(frame.Pixels.Span);
            }
        }

        return [.. pixels];
    }

    // As the host has them.
    private sealed class Pretrained : IClipFeatures
    {
        private readonly ModalityClipFeatures _features = new(
            RepositoryRoot.Path("plugins", "ImagingModality", "weights", "modality.safetensors"), hasDeviations: false);

        public string Name => _features.Name;

        public double[] Of(byte[] pixels, ClipShape shape) => _features.Of(pixels, shape);

        public void Dispose() => _features.Dispose();
    }
}
