namespace MedGen.Model.Checkpoints;

/// <summary>How a model folder is laid out.</summary>
public enum ModelLayout
{
    /// <summary>
    /// All files in one folder (or its <c>models</c> sub-folder) under the names of the Wan 2.1 and MedGen releases; original key names.
    /// </summary>
    Released,

    /// <summary>
    /// Sub-folders <c>transformer</c>, <c>vae</c>, <c>text_encoder</c>, <c>tokenizer</c> as diffusers' WanPipeline saves them; diffusers key names.
    /// </summary>
    Diffusers,

    /// <summary>Files that lie anywhere, named one by one in <c>medgen.json</c>; key names of either convention.</summary>
    Named,
}
