namespace MedGen.Application.Models;

/// <summary>The adapters that lie beside the resident model.</summary>
public interface IAdapterCatalog
{
    /// <summary>Names that requests may use, in order; whether each fits the model shows when it is asked for.</summary>
    /// <param name="tenant">Whose adapters count beside everybody's; null: nobody's.</param>
    IReadOnlyList<string> List(string? tenant);
}
