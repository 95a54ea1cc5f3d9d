using MedGen.Cli.Output;

namespace MedGen.Cli.Tests;

public sealed class TerminalTests
{
    [Theory]
    [InlineData("a\tb\nc \u00e9\u4e2d", "a\tb\nc \u00e9\u4e2d")]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("a\u001b[2Jb", "a?[2Jb")]
    [InlineData("a\u009b2Jb", "a?2Jb")]
    [InlineData("a\u202eb\u0007", "a?b?")]
    public void Shown_OfATextOfAStranger_SteersNothing(string text, string shown) => Terminal.Shown(text).ShouldBe(shown);
}
