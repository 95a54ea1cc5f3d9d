using System.Globalization;
using MedGen.Evaluation.Studies;
using MedGen.Evaluation.Studies.Classifiers;
using MedGen.Sdk.Errors;

namespace MedGen.Evaluation.Tests.Studies;

/// <summary>A study with a program of the user's own.</summary>
public sealed class CommandStudyClassifierTests : IDisposable
{
    private static readonly StudyExample[] Train =
    [
        new("a", "p1", [], [0], "/data/one, two.mp4"), new("b", "p2", [], [0], "/data/b.mp4"), new("b", "p2", [], [0], "/data/b.mp4"),
        new("a", "", ["p1", "p3"], [0], "/pools/made.mp4"),
    ];

    private static readonly StudyExample[] Asked = [new("a", "p8", [], [0], "/data/x.mp4"), new("b", "p9", [], [0], "/data/y.mp4")];

    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-command-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Answer_OfAProgram_IsReadByFile()
    {
        double[][] answers = await Program("printf 'p_b,file,p_a\\n1,/data/y.mp4,0\\n0.25,/data/x.mp4,0.75\\n' > \"$6\"").AnswerAsync(Train, Asked, 7, Token);

        answers.ShouldBe([[0.75, 0.25], [0, 1]]);
        string own = Directory.GetDirectories(Path.Combine(_folder, "runs")).ShouldHaveSingleItem();
        File.ReadAllLines(Path.Combine(own, "train.csv")).ShouldBe(
            ["file,label,patient", "\"/data/one, two.mp4\",a,p1", "/data/b.mp4,b,p2", "/data/b.mp4,b,p2", "/pools/made.mp4,a,p1|p3"]);
        File.ReadAllLines(Path.Combine(own, "test.csv")).ShouldBe(["file", "/data/x.mp4", "/data/y.mp4"]);
        Directory.GetFiles(own).Select(Path.GetFileName).Order().ShouldBe(["predictions.csv", "test.csv", "train.csv"]);
    }

    [Fact]
    public async Task Training_ThatIsDone_IsNotRunAgainUnlessWhatItIsGivenChanges()
    {
        string said = Path.Combine(_folder, "said");
        CommandStudyClassifier classifier = Program(string.Create(
            CultureInfo.InvariantCulture, $"echo \"$1 $3 $5 $7 $8\" >> '{said}'; printf 'file,p_a,p_b\\n/data/x.mp4,1,0\\n/data/y.mp4,0,1\\n' > \"$6\""));

        await classifier.AnswerAsync(Train, Asked, 7, Token);
        await classifier.AnswerAsync(Train, Asked, 7, Token);
        await classifier.AnswerAsync(Train, Asked, 8, Token);
        await classifier.AnswerAsync(Train[..2], Asked, 8, Token);

        File.ReadAllLines(said).ShouldBe(["--train --test --out --seed 7", "--train --test --out --seed 8", "--train --test --out --seed 8"]);
    }

    [Theory]
    [InlineData("echo no cuda here >&2; exit 3", "'/bin/sh' ended with 3: no cuda here")]
    [InlineData("true", "ended without writing the file")]
    [InlineData("printf 'file,p_a,p_b\\n/data/x.mp4,1,0\\n' > \"$6\"", "lack '/data/y.mp4'")]
    [InlineData("printf 'file,p_a,p_b\\n/data/x.mp4,0.5,0.4\\n/data/y.mp4,0,1\\n' > \"$6\"", "line 2, column p_a: the probabilities add up to 0.9; allowed is 1")]
    [InlineData("printf 'file,p_a,p_b\\n/data/x.mp4,1.5,-0.5\\n/data/y.mp4,0,1\\n' > \"$6\"", "line 2, column p_a: got '1.5'; allowed is a number from 0 to 1")]
    [InlineData("printf 'file,p_a\\n/data/x.mp4,1\\n' > \"$6\"", "column p_b: the column is missing")]
    [InlineData("printf 'file,p_a,p_b\\n/data/x.mp4,1,0\\n/data/x.mp4,1,0\\n' > \"$6\"", "line 3, column file: '/data/x.mp4' is there twice")]
    public async Task Program_ThatFailsOrAnswersWrongly_IsRefusedByNameAndLeavesNoAnswer(string script, string expected)
    {
        InvalidInputException error = await Should.ThrowAsync<InvalidInputException>(() => Program(script).AnswerAsync(Train, Asked, 7, Token));

        error.Violations.Single().Field.ShouldBe("classifier");
        error.Message.ShouldContain(expected);
        Directory.GetFiles(_folder, "predictions.csv", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Program_ThatIsNotThere_IsRefusedByName()
    {
        CommandStudyClassifier classifier = new(["/no/such/program"], _folder, ["a", "b"]);

        (await Should.ThrowAsync<InvalidInputException>(() => classifier.AnswerAsync(Train, Asked, 7, Token))).Message.ShouldContain("'/no/such/program' cannot be started");
    }

    // Behind -c: $0 is the word after the script.
    private CommandStudyClassifier Program(string script) => new(["/bin/sh", "-c", script, "sh"], Path.Combine(_folder, "runs"), ["a", "b"]);
}
