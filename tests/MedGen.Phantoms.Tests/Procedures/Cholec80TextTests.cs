using MedGen.Sdk.Errors;
using MedGen.Phantoms.Procedures;

namespace MedGen.Phantoms.Tests.Procedures;

public class Cholec80TextTests
{
    private static readonly ProcedureTimeline Timeline = new(
        [
            new ProcedureSegment { Phase = SurgicalPhase.Preparation, StartSecond = 0, EndSecond = 1 },
            new ProcedureSegment { Phase = SurgicalPhase.CalotTriangleDissection, StartSecond = 1, EndSecond = 3 },
        ],
        [],
        [
            new ActivityInterval { Activity = SurgicalActivity.Retraction, StartSecond = 0, EndSecond = 1, Tools = SurgicalTools.Grasper },
            new ActivityInterval { Activity = SurgicalActivity.HookDissection, StartSecond = 1, EndSecond = 2, Tools = SurgicalTools.Grasper | SurgicalTools.Hook },
            new ActivityInterval { Activity = SurgicalActivity.Irrigation, StartSecond = 2, EndSecond = 3, Tools = SurgicalTools.Irrigator },
        ]);

    [Fact]
    public void WritePhases_TwoSegments_GivesALineForEveryFrameAt25PerSecond()
    {
        StringWriter writer = new();

        Cholec80Text.WritePhases(Timeline, writer);

        string[] lines = writer.ToString().Split('\n');
        lines.Length.ShouldBe(1 + 75 + 1);
        lines[0].ShouldBe("Frame\tPhase");
        lines[1].ShouldBe("0\tPreparation");
        lines[25].ShouldBe("24\tPreparation");
        lines[26].ShouldBe("25\tCalotTriangleDissection");
        lines[75].ShouldBe("74\tCalotTriangleDissection");
        lines[76].ShouldBeEmpty();
    }

    [Fact]
    public void WriteTools_ThreeSeconds_GivesALineForEvery25thFrame()
    {
        StringWriter writer = new();

        Cholec80Text.WriteTools(Timeline, writer);

        writer.ToString().ShouldBe(
            "Frame\tGrasper\tBipolar\tHook\tScissors\tClipper\tIrrigator\tSpecimenBag\n"
            + "0\t1\t0\t0\t0\t0\t0\t0\n"
            + "25\t1\t0\t1\t0\t0\t0\t0\n"
            + "50\t0\t0\t0\t0\t0\t1\t0\n");
    }

    [Fact]
    public void WritePhases_SimulatedProcedure_HasAsManyLinesAsFrames()
    {
        CholecystectomyProcedure procedure = CholecystectomyProcedure.Simulate(9, new CholecystectomyOptions { DurationScale = 0.05 });
        StringWriter writer = new();

        Cholec80Text.WritePhases(procedure.Timeline, writer);

        writer.ToString().Count(c => c == '\n').ShouldBe(1 + procedure.FrameCount(Cholec80Text.FramesPerSecond));
    }

    [Fact]
    public void ParsePhase_ItsOwnNames_RoundTrip()
    {
        Enum.GetValues<SurgicalPhase>().ShouldAllBe(p => Cholec80Text.ParsePhase(p.ToString()) == p);
        Should.Throw<InvalidInputException>(() => Cholec80Text.ParsePhase("3")).Message.ShouldContain("'3'");
    }
}
