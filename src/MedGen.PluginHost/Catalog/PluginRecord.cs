using System.Globalization;
using MedGen.Sdk.Plugins;
using MedGen.Application.Plugins;
using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Loading;

namespace MedGen.PluginHost.Catalog;

/// <summary>What the host knows of one plugin: the version that serves, those that still drain, those that leaked, and the state to show.</summary>
/// <param name="id">Id of the plugin.</param>
/// <param name="time">Clock for the time of a change of state.</param>
internal sealed class PluginRecord(string id, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<PluginInstance> _draining = [];
    private readonly List<(string Version, WeakReference Context)> _leaks = [];
    private PluginFolderReport? _report;
    private string _version = "";
    private PluginState _state = PluginState.Discovered;
    private string? _reason;
    private DateTimeOffset _since = time.GetUtcNow();
    private PluginInstance? _active;
    private PluginTrial? _trial;

    /// <summary>Held while the plugin is loaded, reloaded or turned on or off: one at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>Completes when the plugin is loaded, or refused, for the first time in this host.</summary>
    public Task Starting { get; set; } = Task.CompletedTask;

    /// <summary>The version that new calls go to.</summary>
    public PluginInstance? Active
    {
        get
        {
            lock (_lock)
            {
                return _active;
            }
        }
    }

    /// <summary>Whether any version is loaded, those included that still end their calls.</summary>
    public bool IsInMemory
    {
        get
        {
            lock (_lock)
            {
                return _active is not null || _trial is not null || _draining.Count > 0;
            }
        }
    }

    /// <summary>The instance that a call goes to.</summary>
    /// <param name="active">The version that serves.</param>
    /// <param name="kind">Kind of work.</param>
    /// <param name="task">Task of an analyzer; null for kinds without tasks.</param>
    public PluginInstance Choose(PluginInstance active, string kind, string? task)
    {
        lock (_lock)
        {
            return _trial is { } trial && _active == active && trial.Instance.Offers(kind, task) && trial.TakesTurn() ? trial.Instance : active;
        }
    }

    /// <summary>Puts a version on trial beside the one that serves.</summary>
    public void Begin(PluginTrial trial)
    {
        lock (_lock)
        {
            _trial = trial;
            _reason = null;
        }
    }

    /// <summary>Counts a call of the version on trial.</summary>
    /// <returns>The trial; null: the instance is not on trial.</returns>
    public PluginTrial? Count(PluginInstance instance, bool wentWell)
    {
        lock (_lock)
        {
            if (_trial?.Instance != instance)
            {
                return null;
            }

            _trial.Count(wentWell);
            return _trial;
        }
    }

    /// <summary>Sends no more calls to the version on trial.</summary>
    /// <param name="instance">The version; null: whichever it is.</param>
    /// <returns>The version, which counts as draining now; null: it is not on trial.</returns>
    public PluginInstance? EndTrial(PluginInstance? instance = null)
    {
        lock (_lock)
        {
            if (_trial is not { } trial || (instance is not null && trial.Instance != instance))
            {
                return null;
            }

            _trial = null;
            _draining.Add(trial.Instance);
            return trial.Instance;
        }
    }

    /// <summary>Sends all calls to the version on trial.</summary>
    /// <returns>The version that served before, which counts as draining now; null: the trial has ended.</returns>
    public PluginInstance? Promote(PluginInstance instance)
    {
        lock (_lock)
        {
            if (_trial?.Instance != instance)
            {
                return null;
            }

            _trial = null;
            return Switch(instance, null);
        }
    }

    /// <summary>Sends all calls to the version on trial, if an instance still serves beside it.</summary>
    /// <param name="instance">The instance; it counts as draining then.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <returns>The version that was on trial; null: none is, or another one serves.</returns>
    public PluginInstance? Replace(PluginInstance instance, string reason)
    {
        lock (_lock)
        {
            if (_active != instance || _trial is not { Instance: var next })
            {
                return null;
            }

            _trial = null;
            Switch(next, reason);
            return next;
        }
    }

    /// <summary>Sets what is shown of a plugin of which no version serves.</summary>
    /// <param name="report">The version in question.</param>
    /// <param name="state">Its state.</param>
    /// <param name="reason">Why it is so.</param>
    public void Show(PluginFolderReport report, PluginState state, string? reason)
    {
        lock (_lock)
        {
            if (_active is null)
            {
                Show(report.Folder.Version, report, state, reason);
            }
        }
    }

    /// <summary>Sets the reason that is shown beside the present state.</summary>
    /// <param name="reason">For an active version: what is wrong with a newer one.</param>
    public void Explain(string reason)
    {
        lock (_lock)
        {
            _reason = reason;
        }
    }

    /// <summary>Sends new calls to an instance.</summary>
    /// <param name="next">The instance.</param>
    /// <param name="reason">What is wrong with newer versions; null: nothing.</param>
    /// <returns>The instance that served before; it counts as draining now.</returns>
    public PluginInstance? Switch(PluginInstance next, string? reason)
    {
        lock (_lock)
        {
            PluginInstance? previous = BeginDrain();
            _active = next;
            Show(next.Manifest.Version, next.Report, PluginState.Active, reason);
            return previous;
        }
    }

    /// <summary>Sends new calls nowhere.</summary>
    /// <param name="state">State to show.</param>
    /// <param name="reason">Why.</param>
    /// <returns>The instance that served before; it counts as draining now.</returns>
    public PluginInstance? SwitchOff(PluginState state, string reason)
    {
        lock (_lock)
        {
            PluginInstance? previous = BeginDrain();
            Show(_version, _report, state, reason);
            return previous;
        }
    }

    /// <summary>Sends new calls nowhere, if an instance still gets them.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="state">State to show.</param>
    /// <param name="reason">Why.</param>
    /// <returns>The instance; null: another one serves by now.</returns>
    public PluginInstance? SwitchOff(PluginInstance instance, PluginState state, string reason)
    {
        lock (_lock)
        {
            return _active == instance ? SwitchOff(state, reason) : null;
        }
    }

    /// <summary>Notes the end of a drained instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="isCollected">Whether its assemblies are gone from memory.</param>
    public void Retired(PluginInstance instance, bool isCollected)
    {
        lock (_lock)
        {
            _draining.Remove(instance);
            if (!isCollected)
            {
                _leaks.Add((instance.Manifest.Version, instance.Context!));
            }
        }
    }

    /// <summary>What is shown of the plugin now.</summary>
    public PluginStatus Status()
    {
        lock (_lock)
        {
            // A leak mends itself when the last reference goes.
            _leaks.RemoveAll(leak => !leak.Context.IsAlive);
            IEnumerable<string> drains = _draining.Where(instance => instance.Leases > 0)
                .Select(instance => $"Version {instance.Manifest.Version} still serves {instance.Leases} calls in flight.");
            IEnumerable<string> leaks = _leaks.Select(leak =>
                $"Version {leak.Version} leaks: it was unloaded, but something outside it still refers to it.");
            IEnumerable<string> abandoned = _active is { AbandonedCalls: > 0 and var calls }
                ? [$"{(calls == 1 ? "1 call" : $"{calls} calls")} did not end when told to."]
                : [];
            IEnumerable<string> trial = _trial is null ? [] :
                [
                    $"Version {_trial.Instance.Manifest.Version} is on trial with "
                    + string.Create(CultureInfo.InvariantCulture, $"{_trial.Share * 100:0.##} % of the calls: ")
                    + $"{_trial.Calls} done, {_trial.Failures} of them failed.",
                ];
            string reason = string.Join(" ", new[] { _reason }.OfType<string>().Concat(trial).Concat(abandoned).Concat(drains).Concat(leaks));
            bool isDraining = _active is null && _draining.Count > 0 && _state != PluginState.Quarantined;
            PluginManifest? manifest = _report?.Manifest;
            return new PluginStatus
            {
                Id = id,
                Version = _version,
                State = isDraining ? PluginState.Draining : _state,
                Reason = reason.Length == 0 ? null : reason,
                Name = manifest?.Name ?? id,
                Description = manifest?.Description ?? "",
                Publisher = manifest is null ? ""
                    : _report!.Verdict is { IsTrusted: true } ? manifest.Publisher
                    : $"{manifest.Publisher} (not proven)",
                Sdk = manifest?.Sdk ?? "",
                Capabilities = manifest?.Capabilities ?? [],
                Weights = manifest?.Weights ?? [],
                CallsInFlight = (_active?.Leases ?? 0) + (_trial?.Instance.Leases ?? 0) + _draining.Sum(instance => instance.Leases),
                Since = _since,
            };
        }
    }

    /// <inheritdoc />
    public void Dispose() => Gate.Dispose();

    private PluginInstance? BeginDrain()
    {
        PluginInstance? previous = _active;
        _active = null;
        if (previous is not null)
        {
            _draining.Add(previous);
        }

        return previous;
    }

    private void Show(string version, PluginFolderReport? report, PluginState state, string? reason)
    {
        _version = version;
        _report = report;
        _state = state;
        _reason = reason;
        _since = time.GetUtcNow();
    }
}
