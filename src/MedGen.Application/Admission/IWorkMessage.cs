namespace MedGen.Application.Admission;

/// <summary>A message that asks for work; it is admitted only while there is room for that.</summary>
public interface IWorkMessage
{
    /// <summary>What the message would cost.</summary>
    WorkEstimate Estimate { get; }
}
