namespace MedGen.Phantoms.Procedures;

/// <summary>What the surgeon does within a phase for some seconds; it decides which instruments are in view and what changes in the field.</summary>
public enum SurgicalActivity
{
    /// <summary>The camera looks around; at most a resting grasper.</summary>
    Inspection,

    /// <summary>An instrument is out for exchange.</summary>
    InstrumentExchange,

    /// <summary>A grasper holds or moves tissue.</summary>
    Retraction,

    /// <summary>The hook cuts and coagulates.</summary>
    HookDissection,

    /// <summary>Bipolar forceps coagulate.</summary>
    BipolarCoagulation,

    /// <summary>Scissors cut tissue.</summary>
    Cutting,

    /// <summary>A clip is placed.</summary>
    ClipApplication,

    /// <summary>The irrigator rinses or sucks.</summary>
    Irrigation,

    /// <summary>The empty bag is brought in and opened.</summary>
    BagIntroduction,

    /// <summary>The gallbladder is put into the bag.</summary>
    BagFilling,

    /// <summary>The closed bag is pulled towards the abdominal wall.</summary>
    BagExtraction,
}
