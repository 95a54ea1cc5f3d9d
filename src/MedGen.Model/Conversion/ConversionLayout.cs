namespace MedGen.Model.Conversion;

/// <summary>How a converted model is laid out.</summary>
public enum ConversionLayout
{
    /// <summary>One folder with the files and names of Wan's and MedGen's releases.</summary>
    Released,

    /// <summary>Folders and names of diffusers, with its configs and <c>model_index.json</c>.</summary>
    Diffusers,

    /// <summary>ComfyUI's folders and names, and a <c>medgen.json</c> that names the files.</summary>
    ComfyUI,
}
