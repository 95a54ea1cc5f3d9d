using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace PhantomGenerator;

/// <summary>What the heart and its picture are like; whatever is not said here is drawn from the seed.</summary>
internal sealed record HeartOptions
{
    [Range(10.0, 80.0), Description("Ejection fraction of the left ventricle in %.")]
    public double EjectionFraction { get; init; } = 60;

    [Range(40.0, 160.0), Description("Beats per minute.")]
    public double HeartRate { get; init; } = 70;

    [Description("Echocardiographic view.")]
    public HeartView View { get; init; }

    [Description("Whether the picture shows an electrocardiogram and text, as devices burn them in.")]
    public bool Overlay { get; init; }

    /// <summary>The same as parameters of the simulator.</summary>
    public IReadOnlyDictionary<string, string> ToParameters() => new Dictionary<string, string>
    {
        ["ejection-fraction"] = EjectionFraction.ToString(CultureInfo.InvariantCulture),
        ["heart-rate"] = HeartRate.ToString(CultureInfo.InvariantCulture),
        ["view"] = View == HeartView.ApicalFourChamber ? "apical four-chamber" : "parasternal short-axis",
        ["overlay"] = Overlay ? "device" : "none",
    };
}

/// <summary>How the probe looks at the heart.</summary>
internal enum HeartView
{
    /// <summary>From the apex, with all four chambers.</summary>
    ApicalFourChamber,

    /// <summary>Across the left ventricle.</summary>
    ParasternalShortAxis,
}
