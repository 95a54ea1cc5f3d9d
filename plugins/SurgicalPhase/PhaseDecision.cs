using MedGen.Sdk.Analysis;

namespace MedGen.Plugins.SurgicalPhase;

/// <summary>What holds in one second.</summary>
/// <param name="Phase">The most probable phase.</param>
/// <param name="State">Whether it is committed.</param>
/// <param name="Since">Second since which it has been the answer.</param>
/// <param name="Change">The change that this second decided; null: none.</param>
internal readonly record struct PhaseDecision(int Phase, LabelState State, double Since, PhaseChange? Change);
