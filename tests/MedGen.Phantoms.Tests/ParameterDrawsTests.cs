using System.Globalization;
using MedGen.Phantoms.Randomness;

namespace MedGen.Phantoms.Tests;

public class ParameterDrawsTests
{
    private readonly TestPhantom _phantom = new();

    [Fact]
    public void Number_Fixed_IsUsedAndRecordedAndLeavesTheOthersAlone()
    {
        PhantomTruth open = _phantom.Simulate(new() { Seed = 5 }).Truth;
        PhantomTruth set = _phantom.Simulate(new() { Seed = 5, Parameters = new Dictionary<string, string> { ["depth"] = "9.25" } }).Truth;

        set.Values["depth"].ShouldBe("9.25");
        set.Values["count"].ShouldBe(open.Values["count"]);
        set.Values["shape"].ShouldBe(open.Values["shape"]);
    }

    [Fact]
    public void Number_Open_IsDrawnFromTheGivenRangeAndItsTextIsTheValueUsed()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            ParameterDraws draws = new(_phantom, new() { Seed = seed });
            double depth = draws.Number("depth", 3, 4);
            draws.Integer("count");
            draws.Word("shape");

            depth.ShouldBeInRange(3, 4);
            double.Parse(draws.Truth("nothing", "grey").Values["depth"], CultureInfo.InvariantCulture).ShouldBe(depth);
        }
    }

    [Fact]
    public void Integer_Open_ReachesBothEnds()
    {
        int[] counts = [.. Enumerable.Range(0, 200).Select(seed => new ParameterDraws(_phantom, new() { Seed = seed }).Integer("count"))];

        counts.Distinct().Order().ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void Word_Weights_DecideHowOftenEachComes()
    {
        int squares = Enumerable.Range(0, 2000).Count(seed => new ParameterDraws(_phantom, new() { Seed = seed }).Word("shape", 3, 1) == "square");

        squares.ShouldBeInRange(420, 580);
    }

    [Fact]
    public void Truth_ParameterForgotten_Throws()
    {
        ParameterDraws draws = new(_phantom, new() { Seed = 1 });
        draws.Number("depth");

        Should.Throw<InvalidOperationException>(() => draws.Truth("nothing", "grey")).Message.ShouldContain("count");
    }

    [Fact]
    public void Stream_SamePurpose_IsIndependentOfEarlierDraws()
    {
        ParameterDraws first = new(_phantom, new() { Seed = 1 });
        ParameterDraws second = new(_phantom, new() { Seed = 1 });
        first.Stream("noise", 3).NextDouble();

        first.Stream("noise", 4).NextDouble().ShouldBe(second.Stream("noise", 4).NextDouble());
        first.Stream("noise", 4).NextDouble().ShouldNotBe(second.Stream("noise", 5).NextDouble());
        first.Stream("noise", 4).NextDouble().ShouldNotBe(second.Stream("shape", 4).NextDouble());
    }
}
