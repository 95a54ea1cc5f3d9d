using MedGen.Sdk.Errors;

namespace MedGen.Phantoms.Tests;

public class RequestValidationTests
{
    private readonly TestPhantom _phantom = new();

    [Theory]
    [InlineData(31, 64, 3, 8, "width")]
    [InlineData(64, 1025, 3, 8, "height")]
    [InlineData(64, 64, 0, 8, "num_frames")]
    [InlineData(64, 64, 100_001, 8, "num_frames")]
    [InlineData(64, 64, 3, 0, "frames_per_second")]
    [InlineData(64, 64, 3, 121, "frames_per_second")]
    [InlineData(64, 64, 3, double.NaN, "frames_per_second")]
    public void Simulate_NumberOutOfRange_NamesTheField(int width, int height, int frames, double rate, string field)
    {
        PhantomRequest request = new() { Seed = 1, Width = width, Height = height, NumFrames = frames, FramesPerSecond = rate };

        InvalidInputException error = Should.Throw<InvalidInputException>(() => _phantom.Simulate(request));

        error.Violations.ShouldHaveSingleItem().Field.ShouldBe(field);
    }

    [Theory]
    [InlineData("colour", "red", "allowed: depth, count, shape")]
    [InlineData("depth", "11", "from 2 to 10")]
    [InlineData("depth", "NaN", "from 2 to 10")]
    [InlineData("depth", "1,5", "from 2 to 10")]
    [InlineData("count", "1.5", "whole number")]
    [InlineData("shape", "Round", "round, square")]
    public void Simulate_BadParameter_SaysWhatIsAllowed(string name, string value, string allowed)
    {
        PhantomRequest request = new() { Seed = 1, Parameters = new Dictionary<string, string> { [name] = value } };

        FieldViolation violation = Should.Throw<InvalidInputException>(() => _phantom.Simulate(request)).Violations.ShouldHaveSingleItem();

        violation.Field.ShouldBe($"parameters.{name}");
        violation.Description.ShouldContain(allowed);
    }
}
