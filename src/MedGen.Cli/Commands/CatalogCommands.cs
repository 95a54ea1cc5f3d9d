using System.CommandLine;
using System.Security.Cryptography;
using MedGen.Cli.Output;
using MedGen.PluginHost.Packs;
using MedGen.PluginHost.Packs.Catalogs;
using MedGen.PluginHost.Trust;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen plugins catalog list|add</c>.</summary>
internal static class CatalogCommands
{
    public static Command Create() => new("catalog", "Signed lists of packs, in a folder or behind an https address.") { List(), Add() };

    public static Option<string?> CatalogOption() => new("--catalog") { Description = "Folder of a catalogue, or its https address." };

    public static Option<string?> AuthorityOption() =>
        new("--ca") { Description = "PEM file of the authorities to trust for an https catalogue, instead of the machine's." };

    private static Command List()
    {
        (Option<string?> catalog, Option<string?> authority) = (CatalogOption(), AuthorityOption());
        Option<string?> trust = PackCommands.TrustOption();
        Option<bool> json = JsonOption.Create();
        catalog.Required = true;
        Command command = new("list", "Lists a catalogue that somebody in the trust file has signed.") { catalog, authority, trust, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using CatalogSource source = new(parsed.GetRequiredValue(catalog)!, parsed.GetValue(authority));
            PackCatalog list = await source.ReadAsync(TrustStore.Load(parsed.GetValue(trust)), cancellationToken);
            if (parsed.GetValue(json))
            {
                foreach (CatalogEntry pack in list.Packs)
                {
                    JsonLines.Write(pack);
                }
            }
            else
            {
                Terminal.Table(
                    ["plugin", "version", "SDK", "publisher", "licence", "intended use"],
                    list.Packs.Select(pack => (IReadOnlyList<string>)
                        [pack.Id, pack.Version, pack.Sdk, pack.Publisher, pack.Licence, pack.IntendedUse]));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Add()
    {
        Argument<string> pack = new("pack") { Description = "A signed pack; it is copied into the catalogue's folder." };
        Option<string> folder = new("--catalog") { Description = "Folder of the catalogue; made when it is missing.", Required = true };
        Option<string> key = PackCommands.KeyOption();
        Option<string?> passphrase = PackCommands.PassphraseOption();
        Option<string> licence = new("--licence") { Description = "Licence of the plugin, best as an SPDX expression.", Required = true };
        Option<string> use = new("--intended-use") { Description = "What the plugin is for, and what it is not for.", Required = true };
        Command command = new("add", "Adds a pack to a catalogue's folder and signs the catalogue. Any web server can serve the folder.")
        {
            pack, folder, key, passphrase, licence, use,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            using ECDsa signer = PublisherKey.ReadPrivate(parsed.GetRequiredValue(key), parsed.GetValue(passphrase));
            CatalogEntry added = CatalogFolder.Add(
                parsed.GetRequiredValue(folder), parsed.GetRequiredValue(pack), parsed.GetRequiredValue(licence), parsed.GetRequiredValue(use),
                signer, cancellationToken);
            Terminal.Line($"{added.Id} {added.Version} is in the catalogue {parsed.GetRequiredValue(folder)}.");
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
