using MedGen.Sdk.Frames;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Clips;
using MedGen.Training.Clips;

namespace MedGen.Training.Tests.Clips;

public sealed class UnreadableClipsTests
{
    private static readonly MediaException Reason = new("a.mp4", "no video");

    [Fact]
    public void Add_MoreOfASourceThanItMayHave_CountsEachSourceAndEachClipOnce()
    {
        UnreadableClips unreadable = new();
        Named first = Clip("one", "a.mp4");

        unreadable.Add(first, Reason, maxUnreadable: 1);
        unreadable.Add(first, Reason, maxUnreadable: 1);
        unreadable.Add(Clip("two", "a.mp4"), Reason, maxUnreadable: 1);
        InvalidInputException error = Should.Throw<InvalidInputException>(() => unreadable.Add(Clip("one", "b.mp4"), Reason, maxUnreadable: 1));

        error.Violations.ShouldHaveSingleItem().ShouldBe(new FieldViolation("data.one", "'b.mp4' cannot be read (no video), and 1 before it; max_unreadable allows 1."));
        unreadable.Contains(first).ShouldBeTrue();
        unreadable.Contains(Clip("one", "c.mp4")).ShouldBeFalse();
    }

    private static Named Clip(string source, string name) => new() { Source = source, Name = name, Group = name, Brief = "", Detailed = "" };

    private sealed record Named : TrainingClip
    {
        public override Task<string> ReadKeyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task<byte[]?> ReadAsync(ClipShape shape, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
