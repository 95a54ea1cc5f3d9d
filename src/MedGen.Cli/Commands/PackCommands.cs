using System.CommandLine;
using System.Security.Cryptography;
using MedGen.Cli.Output;
using MedGen.PluginHost.Checks;
using MedGen.PluginHost.Packs;
using MedGen.PluginHost.Trust;
using MedGen.Sdk.Errors;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen plugins pack|sign|verify</c>: files alone, no host.</summary>
internal static class PackCommands
{
    public static Command Pack()
    {
        Argument<string> folder = new("folder") { Description = "A plugin's version folder, <id>/<version>." };
        Option<string> output = new("--out") { Description = "The pack to make, for instance polyps-1.0.0.mgpack.", Required = true };
        Option<string?> settings = PluginCheck.SettingsOption();
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "pack", "For vendors: makes every check of 'plugins check', then packs the folder into one file with the hash of each file. Exit code 1: "
                + "a check found something wrong, and there is no pack.") { folder, output, settings, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (string from, bool asJson) = (parsed.GetRequiredValue(folder), parsed.GetValue(json));
            string to = OutputFile.Prepare(parsed.GetRequiredValue(output));
            PluginCheckResult result = await PluginCheck.RunAsync(from, parsed.GetValue(settings), cancellationToken);
            if (!result.Passed)
            {
                PluginCheck.Write(result.Findings, asJson);
                return ExitCode.Negative;
            }

            Write("packed", PackWriter.Pack(from, to, cancellationToken), asJson);
            return ExitCode.Success;
        });
        return command;
    }

    public static Command Sign()
    {
        Argument<string> file = new("file") { Description = "A pack; it is replaced by the signed one." };
        Option<string> key = KeyOption();
        Option<string?> passphrase = PassphraseOption();
        Option<bool> json = JsonOption.Create();
        Command command = new("sign", "For vendors: signs a pack. Needs no network and no host.") { file, key, passphrase, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            using ECDsa signer = PublisherKey.ReadPrivate(parsed.GetRequiredValue(key), parsed.GetValue(passphrase));
            Write("signed", PackWriter.Sign(parsed.GetRequiredValue(file), signer, cancellationToken), parsed.GetValue(json));
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    public static Command Verify()
    {
        Argument<string> pack = new("pack") { Description = "A pack, or a version folder that was installed from one." };
        Option<string?> trust = TrustOption();
        Option<bool> json = JsonOption.Create();
        Command command = new(
            "verify", "Compares a pack or an installed folder with its index, checks the signature and says whose it is. Exit code 1: something is "
                + "not as signed, or the publisher is not trusted.") { pack, trust, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            TrustStore store = TrustStore.Load(parsed.GetValue(trust));
            string path = parsed.GetRequiredValue(pack);
            bool asJson = parsed.GetValue(json);
            try
            {
                SignedIndex signed = Read(path, cancellationToken);
                TrustVerdict verdict = store.Judge(signed);
                Write("unchanged", signed, asJson, verdict);
                return Task.FromResult(verdict.IsTrusted ? ExitCode.Success : ExitCode.Negative);
            }
            catch (InvalidInputException e)
            {
                Write(path, e, asJson);
                return Task.FromResult(ExitCode.Negative);
            }
        });
        return command;
    }

    public static Option<string> KeyOption() =>
        new("--key") { Description = "PEM file of your private key, ECDSA P-256 in PKCS#8.", Required = true };

    public static Option<string?> PassphraseOption() =>
        new("--passphrase-file") { Description = "File with the passphrase of the key, if it is encrypted." };

    public static Option<string?> TrustOption() =>
        new("--trust") { Description = "Trust file of the publishers that you want (docs/security.md); default: nobody is trusted." };

    private static SignedIndex Read(string path, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            return PackedFolder.Verify(path)
                ?? throw new InvalidInputException(path, $"holds no {PackIndex.FileName}: it was not installed from a pack.");
        }

        using PackReader reader = PackReader.Open(path);
        reader.Verify(cancellationToken);
        return reader.Signed;
    }

    private static void Write(string path, InvalidInputException fault, bool json)
    {
        if (json)
        {
            JsonLines.Write(new { trusted = false, faults = fault.Violations });
            return;
        }

        Terminal.Line($"{path} is not as it should be:");
        foreach (FieldViolation violation in fault.Violations)
        {
            Terminal.Line($"  {violation.Field}: {violation.Description}");
        }
    }

    private static void Write(string done, SignedIndex signed, bool json, TrustVerdict? verdict = null)
    {
        PackIndex index = signed.Index;
        if (json)
        {
            JsonLines.Write(new
            {
                index.Id,
                index.Version,
                index.Sdk,
                publisher = verdict is null ? index.Publisher : verdict.Publisher,
                files = index.Files.Count,
                signed.Hash,
                signed.KeyId,
                trusted = verdict?.IsTrusted,
                verdict?.Reason,
            });
            return;
        }

        long bytes = index.Files.Sum(file => file.Length);
        Terminal.Line($"{index.Id} {index.Version} is {done}: {index.Files.Count} files of {bytes} bytes, SDK {index.Sdk}");
        Terminal.Line($"  hash {signed.Hash}");
        Terminal.Line(signed.KeyId is { } key ? $"  key  {key}" : "  not signed");
        if (verdict is not null)
        {
            Terminal.Line($"  {(verdict.IsTrusted ? "trusted" : "not trusted")}: {verdict.Reason}");
        }
    }
}
