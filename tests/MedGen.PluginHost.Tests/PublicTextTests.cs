using CsCheck;
using MedGen.PluginHost.Catalog;

namespace MedGen.PluginHost.Tests;

public class PublicTextTests
{
    private const string Folder = "/srv/my plugins/acme.phase/1.2.0";

    [Theory]
    [InlineData("Could not find file '/srv/my plugins/acme.phase/1.2.0/weights/net.safetensors'.", "Could not find file 'weights/net.safetensors'.")]
    [InlineData("Access to /srv/my plugins/acme.phase/1.2.0 is denied.", "Access to 1.2.0 is denied.")]
    [InlineData("/srv/my plugins/acme.phase/1.1.0/a.dll differs.", "acme.phase/1.1.0/a.dll differs.")]
    [InlineData("Cannot read /srv/keys/licence.key: denied", "Cannot read licence.key: denied")]
    [InlineData("Could not load \"/usr/lib/x86_64-linux-gnu/libfoo.so.1\" (or /opt/acme/lib/libbar.so).", "Could not load \"libfoo.so.1\" (or libbar.so).")]
    [InlineData(@"C:\Users\anna\licence.key is missing", "licence.key is missing")]
    [InlineData("See https://acme.example/docs/phase and weights/net.safetensors, 3/4 of 1/2; SDK [0.1,0.2) /word", null)]
    public void WithoutFolders_PathsOfTheMachine_AreShortenedToWhatMatters(string text, string? expected) =>
        PublicText.WithoutFolders(text, Folder).ShouldBe(expected ?? text);

    [Fact]
    public void WithoutFolders_AnyAbsolutePathWithoutSpaces_IsNotInTheResult() => Gen.String[Gen.Char["abcXYZ09._-"], 1, 8].Array[2, 6].Sample(parts =>
    {
        string folders = "/" + string.Join('/', parts[..^1]) + "/";

        PublicText.WithoutFolders($"Cannot open '{folders}{parts[^1]}'.", Folder).ShouldBe($"Cannot open '{parts[^1]}'.");
    });
}
