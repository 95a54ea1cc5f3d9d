using MedGen.Phantoms.Fields;
using MedGen.Phantoms.Overlays;

namespace MedGen.Phantoms.Tests;

public class PixelTextTests
{
    [Fact]
    public void Draw_LetterT_HasABarAndAStem()
    {
        Plane plane = new(8, 8);

        PixelText.Draw(plane, "t", 1, 1, 1, 1);

        Enumerable.Range(0, 8).Select(y => string.Concat(plane.Row(y).ToArray().Select(v => v > 0 ? '#' : '.'))).ShouldBe(
        [
            "........", ".###....", "..#.....", "..#.....", "..#.....", "..#.....", "........", "........",
        ]);
    }

    [Fact]
    public void Draw_BeyondTheBorder_IsCut() => Should.NotThrow(() => PixelText.Draw(new Plane(8, 8), "LONG TEXT", -3, 6, 2, 1));

    [Fact]
    public void Draw_UnknownLetter_Throws() => Should.Throw<ArgumentException>(() => PixelText.Draw(new Plane(8, 8), "é", 0, 0, 1, 1));
}
