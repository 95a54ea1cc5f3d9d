using System.CommandLine;
using MedGen.Cli.Output;
using MedGen.PluginHost.Packs;
using MedGen.PluginHost.Packs.Catalogs;
using MedGen.PluginHost.Trust;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen plugins install|remove</c>: a plugin folder, beside a running host, too.</summary>
internal static class InstallCommands
{
    public static Command Install()
    {
        Argument<string> what = new("pack") { Description = "A pack; with --catalog, the id of a plugin, or ID@VERSION." };
        Option<string?> catalog = CatalogCommands.CatalogOption();
        Option<string?> authority = CatalogCommands.AuthorityOption();
        Option<string> plugins = PluginsOption();
        Option<string?> trust = PackCommands.TrustOption();
        Option<bool> untrusted = new("--allow-untrusted")
        {
            Description = "Also a pack that nobody, or nobody known, has signed. With its signature, "
                + "what is denied or revoked stays refused; without, it is as any, but for ids of publishers in the trust file.",
        };
        Option<bool> downgrade = new("--allow-downgrade") { Description = "Also a version below the one installed; the higher ones are removed." };
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "install", "Verifies a pack and puts it into a plugin folder, whole or not at all. A running host takes it with 'plugins reload ID'.")
        {
            what, plugins, catalog, authority, trust, untrusted, downgrade, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TrustStore store = TrustStore.Load(parsed.GetValue(trust));
            string? fetched = null;
            try
            {
                string file = parsed.GetRequiredValue(what);
                if (parsed.GetValue(catalog) is { } place)
                {
                    using CatalogSource source = new(place, parsed.GetValue(authority));
                    fetched = Path.Combine(Directory.CreateTempSubdirectory("medgen-pack-").FullName, "fetched.mgpack");
                    (string id, string? version) = Split(file);
                    await source.FetchAsync((await source.ReadAsync(store, cancellationToken)).Find(id, version), fetched, cancellationToken);
                }
                else if (parsed.GetValue(authority) is { } unused)
                {
                    throw new InvalidInputException("ca", $"got '{unused}' without --catalog; allowed: with an https catalogue only.");
                }

                using PackReader pack = PackReader.Open(fetched ?? file);
                TrustVerdict verdict = store.Judge(pack.Signed);
                if (!verdict.IsTrusted && (verdict.Origin == PluginOrigin.Refused || !parsed.GetValue(untrusted)))
                {
                    throw new FailedPreconditionException("PLUGIN_NOT_TRUSTED", $"{pack.Signed.Index.Id} is not installed. {verdict.Reason}");
                }

                (string folder, bool wasInstalled) = new PackInstaller(parsed.GetRequiredValue(plugins)).Install(
                    pack, parsed.GetValue(downgrade), cancellationToken);
                Write(pack.Signed.Index, verdict, folder, wasInstalled, parsed.GetValue(json));
                return ExitCode.Success;
            }
            finally
            {
                if (fetched is not null)
                {
                    Directory.Delete(Path.GetDirectoryName(fetched)!, recursive: true);
                }
            }
        });
        return command;
    }

    private static (string Id, string? Version) Split(string plugin) =>
        plugin.Split('@', 2) is [var id, var version] ? (id, version) : (plugin, null);

    public static Command Remove()
    {
        Argument<string> plugin = new("plugin") { Description = "Id of a plugin, or ID@VERSION for one of its versions." };
        Option<string> plugins = PluginsOption();
        Command command = new("remove", "Takes a plugin out of a plugin folder. A running host lets go of it with 'plugins reload ID'.")
        {
            plugin, plugins,
        };
        command.SetAction((parsed, _) =>
        {
            (string id, string? version) = Split(parsed.GetRequiredValue(plugin));
            new PackInstaller(parsed.GetRequiredValue(plugins)).Uninstall(id, version);
            Terminal.Line($"{parsed.GetRequiredValue(plugin)} is removed.");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static Option<string> PluginsOption() => new("--plugins") { Description = "The host's plugin folder.", Required = true };

    private static void Write(PackIndex index, TrustVerdict verdict, string folder, bool wasInstalled, bool json)
    {
        if (json)
        {
            JsonLines.Write(new { index.Id, index.Version, folder, wasInstalled, trusted = verdict.IsTrusted, verdict.Reason });
            return;
        }

        Terminal.Line($"{index.Id} {index.Version} {(wasInstalled ? "was" : "is")} installed in {folder}. {verdict.Reason}");
        if (!wasInstalled)
        {
            Terminal.Line($"A running host takes it with 'medgen plugins reload {index.Id}'.");
        }
    }
}
