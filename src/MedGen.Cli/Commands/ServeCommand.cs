using System.CommandLine;
using System.Net;
using MedGen.Cli.Connections;
using MedGen.Cli.Output;
using MedGen.Host;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MedGen.Cli.Commands;

/// <summary><c>medgen serve</c>: runs a host until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        Option<string> address = new("--address") { Description = "IP address to listen on; anything but loopback needs --tokens and TLS.", DefaultValueFactory = _ => "127.0.0.1" };
        Option<int> grpcPort = new("--grpc-port") { Description = "Port for gRPC; 0: a free one.", DefaultValueFactory = _ => 8470 };
        Option<int> httpPort = new("--http-port") { Description = "Port for plain HTTP; 0: a free one.", DefaultValueFactory = _ => 8471 };
        Option<string> dataDir = new("--data-dir") { Description = "Folder for jobs, artifacts and the audit log.", DefaultValueFactory = _ => DefaultFolders.Data };
        Option<string[]> plugins = new("--plugins") { Description = "Plugin folders; default: those that come with the command." };
        Option<string?> model = new("--model") { Description = "Model folder in the released or the diffusers layout; default: the one that comes with the command." };
        Option<string> device = new("--device") { Description = "cpu or cuda:N.", DefaultValueFactory = _ => "cpu" };
        Option<string> dataType = new("--dtype") { Description = "float32 or bfloat16.", DefaultValueFactory = _ => "float32" };
        Option<string?> adapters = new("--adapters") { Description = "Folder of adapters (LoRA), each NAME.safetensors or NAME/*.safetensors; default: those that come with the command." };
        Option<int> checkpointInterval = new("--checkpoint-interval") { Description = "A running generation is saved every so many steps, 0 to 200; 0: never.", DefaultValueFactory = _ => 5 };
        Option<long> memoryLimit = new("--memory-limit") { Description = "Bytes that model, sessions and intermediate results may take; 0: four fifths of what there is." };
        Option<string?> embeddings = new("--embeddings") { Description = "Folder where encoded prompts are kept between runs; default: nowhere. They tell about the prompts." };
        Option<string[]> datasets = new("--datasets") { Description = "Folders of this machine that operators may read data sets from and write them to; default: none." };
        Option<string?> tokens = new("--tokens") { Description = "JSON file of callers, roles and token hashes." };
        Option<string?> certificate = new("--certificate") { Description = "PEM file of the TLS certificate." };
        Option<string?> key = new("--key") { Description = "PEM file of the certificate's key." };
        Option<bool> allowInsecure = new("--allow-insecure") { Description = "Clear text beyond loopback, for instance behind a proxy that ends TLS." };
        Option<int> jobRetention = new("--job-retention") { Description = "Days that an ended job is kept, with its events and its prompt; 0: for ever. Artifacts are kept until deleted.", DefaultValueFactory = _ => 30 };
        Option<bool> json = new("--json") { Description = "One JSON object with the addresses on standard output once the host serves." };
        Command command = new("serve", "Runs a host until it is told to stop (Ctrl+C or SIGTERM). Running jobs then stop at their next step and go on at the next start.")
        {
            address, grpcPort, httpPort, dataDir, plugins, model, device, dataType, adapters, checkpointInterval, memoryLimit, embeddings, datasets, tokens, certificate, key, allowInsecure, jobRetention, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[]? pluginFolders = parsed.GetValue(plugins);
            MedGenHostOptions options = new()
            {
                Address = ParseAddress(parsed.GetRequiredValue(address)),
                GrpcPort = parsed.GetValue(grpcPort),
                HttpPort = parsed.GetValue(httpPort),
                DataFolder = parsed.GetRequiredValue(dataDir),
                PluginFolders = pluginFolders is { Length: > 0 } ? pluginFolders : [DefaultFolders.Plugins],
                ModelFolder = parsed.GetValue(model) ?? DefaultFolders.Model,
                Device = parsed.GetRequiredValue(device),
                DataType = parsed.GetRequiredValue(dataType),
                AdapterFolders = [parsed.GetValue(adapters) ?? DefaultFolders.Adapters],
                CheckpointInterval = parsed.GetValue(checkpointInterval),
                MemoryLimitBytes = parsed.GetValue(memoryLimit),
                EmbeddingFolder = parsed.GetValue(embeddings),
                DatasetFolders = parsed.GetValue(datasets) ?? [],
                TokenFile = parsed.GetValue(tokens),
                CertificateFile = parsed.GetValue(certificate),
                KeyFile = parsed.GetValue(key),
                AllowInsecure = parsed.GetValue(allowInsecure),
                JobRetention = TimeSpan.FromDays(parsed.GetValue(jobRetention)),
            };
            return await RunAsync(options, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(MedGenHostOptions options, bool json, CancellationToken cancellationToken)
    {
        await using MedGenHost host = MedGenHost.Build(options, builder => builder.Logging.AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        await host.StartAsync(cancellationToken);
        if (json)
        {
            JsonLines.Write(new { grpc = host.Endpoints.Grpc, http = host.Endpoints.Http });
        }
        else
        {
            Terminal.Line($"MedGen host serves gRPC at {host.Endpoints.Grpc} and HTTP at {host.Endpoints.Http}. Ctrl+C stops it.");
        }

        TaskCompletionSource stop = new();
        await using (cancellationToken.Register(stop.SetResult))
        {
            await stop.Task;
        }

        await host.StopAsync(CancellationToken.None);
        return ExitCode.Success;
    }

    private static IPAddress ParseAddress(string text) => IPAddress.TryParse(text, out IPAddress? address)
        ? address
        : throw new ArgumentException($"--address: got '{text}'; allowed is an IP address such as 127.0.0.1 or 0.0.0.0.");
}
