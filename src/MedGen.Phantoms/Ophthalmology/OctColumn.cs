namespace MedGen.Phantoms.Ophthalmology;

/// <summary>The retina under one A-scan; heights as shares of the picture, downwards.</summary>
/// <param name="Surface">Inner limiting membrane.</param>
/// <param name="Epithelium">Lower border of the pigment epithelium.</param>
/// <param name="Membrane">Bruch's membrane: where the pigment epithelium would be without a finding.</param>
/// <param name="FullThickness">Thickness of the retina away from the fovea.</param>
/// <param name="Shadow">Light left below a retinal vessel, 0 to 1.</param>
internal readonly record struct OctColumn(float Surface, float Epithelium, float Membrane, float FullThickness, float Shadow);
