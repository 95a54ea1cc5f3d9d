using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MedGen.Application.Plugins;
using MedGen.Client;
using MedGen.Host;
using MedGen.Protos.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Bench.Serving;

/// <summary>
/// What the platform adds to a call over loopback: a bare gRPC service that answers at once; the same call through identity, audit envelope and the MediatR
/// pipeline; a live frame to a plugin in the process and back.
/// </summary>
internal static class DispatchFigure
{
    private const int WarmUp = 500;
    private const int Calls = 3000;
    private const int Side = 16;

    public static async Task RunAsync()
    {
        string data = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            await using WebApplication bare = await StartBareAsync();
            await using MedGenHost host = MedGenHost.Build(
                new MedGenHostOptions { GrpcPort = 0, HttpPort = 0, DataFolder = data, PluginFolders = [], DataType = "float32", ModelFolder = RepositoryFolder.Path("models", "medgen-mini") },
                builder => builder.Services.AddSingleton<IPluginCatalog>(new InstantCatalog()));
            await host.StartAsync();
            Uri bareAddress = new(bare.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            using MedGenClient toBare = new(new MedGenClientOptions { Address = bareAddress });
            using MedGenClient toHost = new(new MedGenClientOptions { Address = host.Endpoints.Grpc });
            Console.WriteLine($"{Calls} calls one after another; requests/s with 8 at once");
            Console.WriteLine("                                   p50 ms  p99 ms  over bare p50  requests/s");
            double floor = await PrintAsync("bare gRPC, unary", null, () => toBare.Models.GetAsync());
            await PrintAsync("+ MediatR pipeline", floor, () => toHost.Models.GetAsync());
            await FramesAsync(toHost);
            await host.StopAsync();
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<double> PrintAsync(string name, double? floor, Func<Task> call)
    {
        List<double> times = [];
        for (int i = 0; i < WarmUp + Calls; i++)
        {
            times.Add(await BenchModel.TimeAsync(call));
        }

        double many = await BenchModel.TimeAsync(() => Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (int i = 0; i < Calls / 8; i++)
            {
                await call();
            }
        })));
        Samples samples = new(times.Skip(WarmUp));
        string over = floor is { } least ? FormattableString.Invariant($"{(samples.Median - least) * 1000:0.000}") : "";
        Console.WriteLine(FormattableString.Invariant($"{name,-32} {samples.Median * 1000,8:0.000} {samples.At(0.99) * 1000,7:0.000} {over,14} {Calls / many,11:0}"));
        return samples.Median;
    }

    // One stream; the next frame goes when the answer to the one before has come.
    private static async Task FramesAsync(MedGenClient client)
    {
        Channel<RawFrame> frames = Channel.CreateUnbounded<RawFrame>();
        RawFrame Frame(int i) => new() { Rgb24 = ByteString.CopyFrom(new byte[Side * Side * 3]), Timestamp = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(10 * i)) };
        StreamFramesConfig config = new() { Task = "instant", Width = Side, Height = Side, FramesPerSecond = 60 };
        List<double> times = [];
        long sent = Stopwatch.GetTimestamp();
        frames.Writer.TryWrite(Frame(0));
        await foreach (StreamFramesResponse answer in client.Analysis.StreamFramesAsync(config, frames.Reader.ReadAllAsync()))
        {
            if (answer.Findings is not { Interim: true })
            {
                break;
            }

            times.Add(Stopwatch.GetElapsedTime(sent).TotalSeconds);
            if (times.Count == WarmUp + Calls)
            {
                frames.Writer.Complete();
                continue;
            }

            sent = Stopwatch.GetTimestamp();
            frames.Writer.TryWrite(Frame(times.Count));
        }

        Samples samples = new(times.Skip(WarmUp));
        Console.WriteLine(FormattableString.Invariant(
            $"{"live frame to a plugin and back",-32} {samples.Median * 1000,8:0.000} {samples.At(0.99) * 1000,7:0.000} {"",14} {1 / samples.Median,11:0}"));
    }

    private static async Task<WebApplication> StartBareAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        WebApplication application = builder.Build();
        application.UseRouting();
        application.MapGrpcService<BareModels>();
        await application.StartAsync();
        return application;
    }

    private sealed class BareModels : Models.ModelsBase
    {
        public override Task<Protos.V1.Model> GetModel(GetModelRequest request, ServerCallContext context) => Task.FromResult(new Protos.V1.Model { Name = "bare" });
    }
}
