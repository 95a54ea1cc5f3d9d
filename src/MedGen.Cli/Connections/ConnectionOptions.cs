using System.CommandLine;
using MedGen.Cli.Output;
using MedGen.Client;
using MedGen.Torch.Operations;

namespace MedGen.Cli.Connections;

/// <summary>The options of every command that needs a host.</summary>
internal sealed class ConnectionOptions
{
    public Option<Uri?> Host { get; } = new("--host")
    {
        Description = "Address of a running host's gRPC port, for instance http://127.0.0.1:8470. Default: a host in this process.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is ("http" or "https"))
            {
                return address;
            }

            result.AddError($"--host: got '{text}'; allowed: an address such as http://127.0.0.1:8470.");
            return null;
        },
    };

    public Option<string?> Token { get; } =
        new("--token") { Description = "Bearer token for --host; better given by the environment variable MEDGEN_TOKEN." };

    public Option<string?> Authority { get; } =
        new("--ca") { Description = "PEM file of the authorities to trust for an https --host, instead of the machine's." };

    public Option<string?> Certificate { get; } =
        new("--certificate") { Description = "PEM file of your own certificate, for an https --host that asks for one." };

    public Option<string?> Key { get; } =
        new("--key") { Description = "PEM file of the certificate's key; default: it is in --certificate." };

    public Option<string?> Model { get; } =
        new("--model") { Description = "Model folder, or medgen.json that names its files, for a host in this process." };

    public Option<string?> DataDir { get; } = new("--data-dir") { Description = "Data folder for a host in this process." };

    public Option<string[]> Plugins { get; } =
        new("--plugins") { Description = "Plugin folders for a host in this process; default: those shipped with the command." };

    public Option<string?> Adapters { get; } =
        new("--adapters") { Description = "Folder of adapters for a host in this process; default: those shipped with the command." };

    public Option<string> Device { get; } =
        new("--device") { Description = "cpu or cuda:N, for a host in this process.", DefaultValueFactory = _ => "cpu" };

    public Option<string> DataType { get; } = new("--dtype")
    {
        Description = "auto, float32 or bfloat16, for a host in this process; auto: bfloat16 if the device supports it in "
            + "hardware, otherwise float32.",
        DefaultValueFactory = _ => NumberType.Auto,
    };

    public Option<bool> Json { get; } = JsonOption.Create();

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[]
        {
            Host, Token, Authority, Certificate, Key, Model, DataDir, Plugins, Adapters, Device, DataType, Json,
        })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Connects as the command line says.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="use">What a host in this process does with a data folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="datasets">What the command works on; null: no data sets.</param>
    public Task<HostConnection> ConnectAsync(ParseResult parsed, DataUse use, CancellationToken cancellationToken, DatasetWork? datasets = null)
    {
        if (parsed.GetValue(Host) is { } host)
        {
            return Task.FromResult(HostConnection.To(new MedGenClientOptions
            {
                Address = host,
                Token = parsed.GetValue(Token) ?? Environment.GetEnvironmentVariable("MEDGEN_TOKEN"),
                AuthorityFile = parsed.GetValue(Authority),
                CertificateFile = parsed.GetValue(Certificate),
                KeyFile = parsed.GetValue(Key),
            }));
        }

        // A host in this process has no log that anybody reads.
        if (parsed.GetValue(DataType) == NumberType.Bfloat16 && parsed.GetValue(Device) == "cpu"
            && NumberType.EmulationWarning(TorchSharp.torch.ScalarType.BFloat16, TorchSharp.torch.CPU) is { } warning)
        {
            Terminal.Warning(warning);
        }

        string? data = parsed.GetValue(DataDir) ?? (use == DataUse.Temporary ? null : DefaultFolders.Data);
        if (use == DataUse.Look && (!Directory.Exists(data) || !Directory.EnumerateFileSystemEntries(data).Any()))
        {
            data = null;
        }

        string[]? plugins = parsed.GetValue(Plugins);
        return HostConnection.StartAsync(
            data,
            use == DataUse.Look && data is not null,
            plugins is { Length: > 0 } ? plugins : [DefaultFolders.Plugins],
            parsed.GetValue(Model) ?? DefaultFolders.Model,
            parsed.GetValue(Adapters) ?? DefaultFolders.Adapters,
            parsed.GetRequiredValue(Device),
            parsed.GetRequiredValue(DataType),
            datasets,
            cancellationToken);
    }
}
