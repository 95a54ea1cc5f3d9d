using System.Diagnostics;
using System.Threading.Channels;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using MedGen.Client;
using MedGen.Host;
using MedGen.Protos.V1;

namespace MedGen.Bench;

/// <summary>Four live streams of 480p at once through a host in this process: time from a frame's sending to its answer, over a real connection.</summary>
internal static class PhasesBenchmark
{
    private const int Streams = 4;
    private const int Width = 854;
    private const int Height = 480;
    private const int WarmUp = 5;

    public static async Task<int> RunAsync(int seconds)
    {
        string data = Directory.CreateTempSubdirectory("medgen-bench-").FullName;
        try
        {
            await using MedGenHost host = MedGenHost.Build(new MedGenHostOptions { GrpcPort = 0, HttpPort = 0, DataFolder = data, PluginFolders = [RepositoryFolder.Path("artifacts", "plugins")] });
            await host.StartAsync(CancellationToken.None);
            using MedGenClient client = new(new MedGenClientOptions { Address = host.Endpoints.Grpc });
            List<double>[] times = await Task.WhenAll(Enumerable.Range(0, Streams).Select(s => StreamAsync(client, s, seconds)));
            List<double> sorted = [.. times.SelectMany(t => t.Skip(WarmUp)).Order()];
            Console.WriteLine(FormattableString.Invariant(
                $"{Streams} streams of {Width}x{Height}, one frame a second each, {seconds} s, {Environment.ProcessorCount} processors: {sorted.Count} answers; median {At(sorted, 0.5):0} ms, p99 {At(sorted, 0.99):0} ms, longest {sorted[^1]:0} ms"));
            await host.StopAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];

    private static async Task<List<double>> StreamAsync(MedGenClient client, int number, int seconds)
    {
        Channel<RawFrame> frames = Channel.CreateUnbounded<RawFrame>();
        var sent = new long[seconds];
        StreamFramesConfig config = new() { Task = "surgical-phase", Width = Width, Height = Height, FramesPerSecond = 1 };
        Task sending = SendAsync(frames.Writer, sent, number);
        List<double> times = [];
        await foreach (StreamFramesResponse answer in client.Analysis.StreamFramesAsync(config, frames.Reader.ReadAllAsync()))
        {
            if (answer.Findings is { Interim: true, Findings_: [{ Frame: { } frame }] })
            {
                times.Add(Stopwatch.GetElapsedTime(sent[frame.Index]).TotalMilliseconds);
            }
        }

        await sending;
        return times;
    }

    private static async Task SendAsync(ChannelWriter<RawFrame> writer, long[] sent, int number)
    {
        byte[] pixels = new byte[Width * Height * 3];
        new Random(number).NextBytes(pixels);
        await Task.Delay(TimeSpan.FromMilliseconds(250 * number)); // live sources are not in step
        using PeriodicTimer second = new(TimeSpan.FromSeconds(1));
        for (int i = 0; i < sent.Length && await second.WaitForNextTickAsync(); i++)
        {
            RawFrame frame = new() { Rgb24 = ByteString.CopyFrom(pixels), Timestamp = Duration.FromTimeSpan(TimeSpan.FromSeconds(i)) };
            sent[i] = Stopwatch.GetTimestamp();
            writer.TryWrite(frame);
        }

        writer.Complete();
    }
}
