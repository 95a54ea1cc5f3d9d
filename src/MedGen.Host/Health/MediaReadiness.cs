using MedGen.Media;
using MedGen.Sandbox;
using MedGen.Sdk.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace MedGen.Host.Health;

/// <summary>ffmpeg is there, and what must confine it works.</summary>
internal sealed class MediaReadiness(IOptions<MediaOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            MediaPrograms.Find("ffmpeg", options.Value);
            MediaPrograms.Find("ffprobe", options.Value);
        }
        catch (FailedPreconditionException missing)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(missing.Message));
        }

        SandboxReport sandbox = ProcessSandbox.For(options.Value.Sandbox).Report;
        return Task.FromResult(options.Value.Sandbox == SandboxMode.Required && sandbox.Kind != SandboxKind.Bubblewrap
            ? HealthCheckResult.Unhealthy($"The sandbox is required and missing: {sandbox.Reason}")
            : HealthCheckResult.Healthy(sandbox.Message));
    }
}
