using System.Globalization;
using MedGen.Training.Plotting;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MedGen.Evaluation.Experiments;

/// <summary>Pictures of experiments.</summary>
internal static class ExperimentPlot
{
    private const float PointSize = 7; // px
    private const int RowHeight = 26; // px
    private const int Margin = 110; // px
    private static readonly Color Generated = Color.FromHex("#0072b2");
    private static readonly Color Simulated = Color.FromHex("#999999");

    /// <summary>A line for each row: share with its interval, and the simulated clips beside it.</summary>
    /// <returns>An <c>svg</c> element.</returns>
    public static string Rows(IReadOnlyList<ExperimentRow> rows)
    {
        using Plot plot = new();
        double[] places = [.. Enumerable.Range(0, rows.Count).Select(i => (double)(rows.Count - 1 - i))];
        foreach ((ExperimentRow row, double y) in rows.Zip(places).Where(one => one.First.Clips > 0))
        {
            ScottPlot.Plottables.LinePlot line = plot.Add.Line(row.Interval[0], y, row.Interval[1], y);
            (line.Color, line.LineWidth) = (Generated, 1.6f);
        }

        Add(plot, Simulated, "simulated (ceiling)", MarkerShape.OpenCircle, rows.Zip(places, (row, y) => new Coordinates(row.ReferenceShare, y)));
        Add(plot, Generated, "generated, 95 % interval", MarkerShape.FilledCircle, rows.Zip(places, (row, y) => new Coordinates(row.Share, y)));
        plot.Axes.Left.TickGenerator = new NumericManual(places, [.. rows.Select(row => row.Label)]);
        plot.Axes.SetLimits(-0.03, 1.03, -0.7, rows.Count - 0.3);
        plot.XLabel("share recognised as asked for");
        plot.ShowLegend(Edge.Bottom);
        PlotLook.Finish(plot);
        return PlotLook.Svg(plot, Margin + (RowHeight * rows.Count));
    }

    /// <summary>Share recognised over training clips, which are drawn on a scale of logarithms.</summary>
    /// <returns>An <c>svg</c> element.</returns>
    public static string Curve(IReadOnlyList<ExperimentRow> rows)
    {
        using Plot plot = new();
        ExperimentRow[] counted = [.. rows.Where(row => row.TrainedOn > 0)];
        Add(plot, Generated, "", MarkerShape.FilledCircle, counted.Select(row => new Coordinates(Math.Log10(row.TrainedOn!.Value), row.Share)));
        plot.XLabel("training clips of the concept");
        plot.YLabel("share recognised");
        Logarithms(plot, [.. counted.Select(row => (double)row.TrainedOn!.Value)]);
        plot.Axes.SetLimitsY(-0.03, 1.03);
        PlotLook.Finish(plot);
        return PlotLook.Svg(plot, 360);
    }

    /// <summary>Loss over the size of the data set.</summary>
    /// <returns>An <c>svg</c> element.</returns>
    public static string Sizes(IReadOnlyList<DataSizeRow> rows)
    {
        using Plot plot = new();
        ScottPlot.Plottables.Scatter curve = plot.Add.Scatter(
            rows.Select(row => new Coordinates(Math.Log10(row.Clips), row.Loss)).ToArray(), Generated);
        (curve.MarkerSize, curve.LineWidth) = (PointSize, 1.6f);
        plot.XLabel("training clips");
        plot.YLabel("held-out loss");
        Logarithms(plot, [.. rows.Select(row => (double)row.Clips)]);
        PlotLook.Finish(plot);
        return PlotLook.Svg(plot, 360);
    }

    private static void Add(Plot plot, Color colour, string legend, MarkerShape shape, IEnumerable<Coordinates> points)
    {
        ScottPlot.Plottables.Scatter scatter = plot.Add.ScatterPoints(points.Where(point => point.AreReal).ToArray(), colour);
        (scatter.MarkerShape, scatter.MarkerSize, scatter.LegendText) = (shape, PointSize, legend);
    }

    private static void Logarithms(Plot plot, double[] values)
    {
        double[] shown = [.. values.Distinct().Order()];
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. shown.Select(Math.Log10)], [.. shown.Select(value => value.ToString("0", CultureInfo.InvariantCulture))]);
    }
}
