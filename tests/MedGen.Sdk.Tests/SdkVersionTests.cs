using System.Xml.Linq;
using MedGen.Sdk.Plugins;

namespace MedGen.Sdk.Tests;

public class SdkVersionTests
{
    // The template states versions, as a project outside this repository must.
    [Fact]
    public void Template_RefersToTheVersionsOfThisRepository()
    {
        Dictionary<string, string> central = XDocument.Load(RepositoryRoot.Path("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(version => version.Attribute("Include")!.Value, version => version.Attribute("Version")!.Value, StringComparer.Ordinal);
        XElement[] references =
        [
            .. Directory.GetFiles(RepositoryRoot.Path("templates", "medgen-plugin"), "*.csproj", SearchOption.AllDirectories)
                .SelectMany(project => XDocument.Load(project).Descendants("PackageReference")),
        ];

        references.Length.ShouldBeGreaterThanOrEqualTo(5);
        foreach (XElement reference in references)
        {
            string package = reference.Attribute("Include")!.Value;
            string expected = package.StartsWith("MedGen.", StringComparison.Ordinal) ? MedGenSdk.Version.ToString() : central[package];
            reference.Attribute("Version")!.Value.ShouldBe(expected, package);
        }

        XDocument.Load(RepositoryRoot.Path("build", "SdkPackage.props")).Descendants("Version").Single().Value.ShouldBe(MedGenSdk.Version.ToString());
    }
}
