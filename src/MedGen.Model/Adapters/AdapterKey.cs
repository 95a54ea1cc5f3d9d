namespace MedGen.Model.Adapters;

/// <summary>What one tensor of an adapter file is.</summary>
/// <param name="Module">The adapted module under its original Wan name, for instance <c>blocks.0.self_attn.q</c>.</param>
/// <param name="StatedModule">The module as the file spells it; the patterns of a PEFT config speak of these names.</param>
/// <param name="Role">Which part of the low-rank update it is.</param>
/// <param name="IsOfLowNoiseExpert">Whether it is for the second one of two transformers (<c>transformer_2.</c>).</param>
internal sealed record AdapterKey(string Module, string StatedModule, AdapterRole Role, bool IsOfLowNoiseExpert = false);
