using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace MedGen.Host.Logging;

/// <summary>
/// The levels in force, which can be changed while the host runs. The server's own lines hold addresses, and with them names of uploaded files, and
/// texts of errors that are meant for the caller: no setting turns these on. What the host itself says of each call has ids and codes only.
/// </summary>
internal sealed class LogLevels(HostLogOptions options) : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private static readonly (string Name, LogLevel Lowest)[] Quiet =
    [
        ("Microsoft", LogLevel.Warning),
        ("System", LogLevel.Warning),
        ("Grpc", LogLevel.Warning),
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None),

        // A line for each call with bad credentials would let anybody fill the log; the audit log counts them.
        ("Microsoft.AspNetCore.Authentication", LogLevel.None),
        ("Microsoft.AspNetCore.Grpc", LogLevel.None),

        // Says it at every run; the host tells of changes.
        ("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None),

        // Says of malformed requests that they are errors, with a stack trace; the host tells of them in a line of its own.
        ("Grpc.AspNetCore.Server", LogLevel.None),
    ];

    private HostLogOptions _options = options;
    private ConfigurationReloadToken _changed = new();

    public string Name => Options.DefaultName;

    public void Configure(LoggerFilterOptions options)
    {
        options.MinLevel = _options.Level;
        foreach ((string name, LogLevel level) in _options.Levels)
        {
            LogLevel lowest = Quiet.Where(quiet => name.StartsWith(quiet.Name, StringComparison.OrdinalIgnoreCase))
                .Select(quiet => quiet.Lowest).DefaultIfEmpty(LogLevel.Trace).Max();
            options.Rules.Add(new LoggerFilterRule(null, name, level > lowest ? level : lowest, null));
        }

        foreach ((string name, LogLevel lowest) in Quiet.Where(quiet => !_options.Levels.ContainsKey(quiet.Name)))
        {
            options.Rules.Add(new LoggerFilterRule(null, name, _options.Level > lowest ? _options.Level : lowest, null));
        }
    }

    public IChangeToken GetChangeToken() => _changed;

    /// <summary>Puts other levels in force.</summary>
    public void Change(HostLogOptions options)
    {
        _options = options;
        Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
    }
}
