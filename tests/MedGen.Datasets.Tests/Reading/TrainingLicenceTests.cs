using MedGen.Datasets.Reading;

namespace MedGen.Datasets.Tests.Reading;

public sealed class TrainingLicenceTests
{
    [Theory]
    [InlineData("CC0-1.0 or public domain", true)]
    [InlineData("CC BY 4.0 (IDRiD); repository Apache-2.0", true)]
    [InlineData("Apache-2.0 (repository); original TCIA LIDC-IDRI: CC BY 3.0", true)]
    [InlineData("CC BY-SA 3.0", true)]
    [InlineData("Apache-2.0 (or EPL-2.0)", true)]
    [InlineData("BSD-3-Clause", true)]
    [InlineData("CC BY-NC 4.0", false)]
    [InlineData("CC BY-SA-ND 4.0; repository MIT", false)]
    [InlineData("GPL-3.0", false)]
    [InlineData("LGPL-2.1+ or MIT", false)]
    [InlineData("MS-PL", false)]
    [InlineData("no restriction on use, attribution to the hospital asked for", false)]
    [InlineData("submitted for research use only; repository MIT", false)]
    [InlineData("", false)]
    public void IsPermissive_Statement_IsReadAsAWhole(string statement, bool expected) =>
        TrainingLicence.IsPermissive(statement).ShouldBe(expected);
}
