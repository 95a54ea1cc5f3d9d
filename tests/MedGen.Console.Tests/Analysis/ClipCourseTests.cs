using MedGen.Application.Jobs;
using MedGen.Sdk.Analysis;
using MedGen.WebConsole.Analysis;

namespace MedGen.Console.Tests.Analysis;

public class ClipCourseTests
{
    private static readonly AnalyzerOutput Phase =
        new() { Name = "phase", Description = "The phase.", Kind = OutputKind.Labels, Labels = OutputLabel.Of("a", "b"), Exclusive = true };

    [Fact]
    public void Of_Spans_KeepsThemWithTheirProbabilities()
    {
        CourseLane lane = ClipCourse.Of([Report(Span(0, 2, "a", 0.9), Span(2, 5, "b", 0.4))], []).Lanes.ShouldHaveSingleItem();

        lane.Segments.Select(one => (one.Start, one.End, one.Label, one.Probability, one.Index, one.IsDoubtful))
            .ShouldBe([(0, 2, "a", 0.9, 0, false), (2, 5, "b", 0.4, 1, true)]);
        lane.End.ShouldBe(5);
    }

    [Fact]
    public void Of_Frames_JoinsThoseWithOneLabelAsSureAsTheLeast()
    {
        CourseLane lane = ClipCourse.Of([Report(Frame(0, "a", 0.9), Frame(1, "a", 0.6), Frame(2, "b", 0.8), Frame(3, "a", 0.7))], []).Lanes.ShouldHaveSingleItem();

        lane.Segments.Select(one => (one.Start, one.End, one.Label, one.Probability)).ShouldBe([(0, 2, "a", 0.6), (2, 3, "b", 0.8), (3, 4, "a", 0.7)]);
    }

    [Fact]
    public void Of_WhatWasSaidMeanwhile_FillsOnlyWhatNothingFinalIsSaidOf()
    {
        ClipCourse.Of([Report(Span(0, 2, "a", 0.9))], [Report(Frame(0, "b", 0.9))]).Lanes.Single().Segments.Single().Label.ShouldBe("a");
        ClipCourse.Of([Report()], [Report(Frame(0, "b", 0.9))]).Lanes.Single().Segments.Single().Label.ShouldBe("b");
        ClipCourse.Of([Report(new LabelFinding { Output = "phase", Labels = ["a"] })], []).Lanes.ShouldBeEmpty();
    }

    [Fact]
    public void Of_Transitions_MarksTheirOnset()
    {
        TransitionFinding change = new()
        {
            Output = "phase", Scope = FindingScope.Frame(9, TimeSpan.FromSeconds(3)), From = "a", To = "b", Onset = TimeSpan.FromSeconds(2.5), Confidence = 0.8,
        };

        ClipCourse.Of([Report(change)], []).Lanes.Single().Marks.Single().Time.ShouldBe(2.5);
    }

    private static FindingsReported Report(params Finding[] findings) => new()
    {
        Findings = findings,
        Analyzer = new AnalyzerIdentity { PluginId = "one", PluginVersion = "1", Task = "phases", Outputs = [Phase] },
    };

    private static LabelFinding Span(double from, double to, string label, double probability) =>
        Answer(FindingScope.Span(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to)), label, probability);

    private static LabelFinding Frame(double at, string label, double probability) => Answer(FindingScope.Frame((long)at, TimeSpan.FromSeconds(at)), label, probability);

    private static LabelFinding Answer(FindingScope scope, string label, double probability) => new()
    {
        Output = "phase", Scope = scope, Labels = [label], Probabilities = label == "a" ? [probability, 1 - probability] : [1 - probability, probability],
    };
}
