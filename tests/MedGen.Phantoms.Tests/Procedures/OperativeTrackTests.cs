using MedGen.Phantoms.Endoscopy.Laparoscopy;
using MedGen.Phantoms.Procedures;

namespace MedGen.Phantoms.Tests.Procedures;

public class OperativeTrackTests
{
    [Fact]
    public void Run_ManyProcedures_LeavesTheFieldAsThePhaseDemands()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            ProcedureTimeline timeline = CholecystectomyProcedure.Simulate(seed, new CholecystectomyOptions()).Timeline;
            OperativeTrack track = OperativeTrack.Run(seed, timeline);
            foreach (ProcedureSegment segment in timeline.Segments)
            {
                OperativeState first = track.At(segment.StartSecond);
                OperativeState last = track.At(segment.EndSecond - 1);
                string where = $"seed {seed}, {segment.Phase} from {segment.StartSecond} s";
                switch (segment.Phase)
                {
                    case SurgicalPhase.Preparation:
                        first.Exposure.ShouldBe(0, where);
                        first.Detachment.ShouldBe(0, where);
                        last.Cover.ShouldBeLessThan(first.Cover + 0.01f, where);
                        break;
                    case SurgicalPhase.CalotTriangleDissection:
                        first.Detachment.ShouldBe(0, where);
                        last.Exposure.ShouldBeGreaterThanOrEqualTo(first.Exposure, where);
                        break;
                    case SurgicalPhase.GallbladderDissection:
                        (first.DuctCut, first.ArteryCut, first.DuctClips).ShouldBe((1, 1, 3), where);
                        break;
                    case SurgicalPhase.GallbladderPackaging:
                        first.Detachment.ShouldBe(1, where);
                        last.BagFill.ShouldBeGreaterThan(0.9f, where);
                        break;
                    case SurgicalPhase.GallbladderRetraction:
                        first.BagFill.ShouldBe(1, where);
                        last.Extraction.ShouldBeGreaterThan(0.9f, where);
                        break;
                    default:
                        break;
                }
            }
        }
    }
}
