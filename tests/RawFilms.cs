using System.Runtime.CompilerServices;
using MedGen.Media;
using MedGen.Sdk.Frames;

namespace MedGen.Tests;

/// <summary>
/// Films as bare pixels behind a line of their sizes: what a test asks of a data set does not depend on the codec, and starting an encoder and a decoder
/// for each clip takes longer than the test. Other files and formats go to ffmpeg.
/// </summary>
internal sealed class RawFilms(IVideoReader reader, IVideoWriter writer) : IVideoReader, IVideoWriter
{
    private static ReadOnlySpan<byte> Magic => "raw film"u8;

    public async Task<IVideoClip> OpenAsync(string path, CancellationToken cancellationToken)
    {
        byte[] bytes = File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : [];
        return bytes.AsSpan().StartsWith(Magic) ? new Film(bytes) : await reader.OpenAsync(path, cancellationToken);
    }

    public Task<IVideoClip> OpenKeyframesAsync(string path, CancellationToken cancellationToken) => reader.OpenKeyframesAsync(path, cancellationToken);

    public Task<IVideoClip> OpenSlicesAsync(string name, IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
        reader.OpenSlicesAsync(name, paths, cancellationToken);

    public async Task<long> WriteAsync(string path, IAsyncEnumerable<VideoFrame> frames, VideoEncoding encoding, CancellationToken cancellationToken)
    {
        if (encoding.Format is not (VideoFormat.H264 or VideoFormat.LosslessH264))
        {
            return await writer.WriteAsync(path, frames, encoding, cancellationToken);
        }

        using MemoryStream pixels = new();
        (int width, int height, long count) = (0, 0, 0);
        await foreach (VideoFrame frame in frames.WithCancellation(cancellationToken))
        {
            using (frame)
            {
                (width, height, count) = (frame.Width, frame.Height, count + 1);
                pixels.Write(frame.Pixels.Span);
            }
        }

        using MemoryStream film = new();
        film.Write(Magic);
        using (BinaryWriter header = new(film, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            header.Write(width);
            header.Write(height);
            header.Write(encoding.FramesPerSecond);
        }

        pixels.WriteTo(film);
        await File.WriteAllBytesAsync(path, film.ToArray(), cancellationToken);
        return count;
    }

    private sealed class Film : IVideoClip
    {
        private readonly byte[] _bytes;
        private readonly int _start;

        public Film(byte[] bytes)
        {
            using BinaryReader header = new(new MemoryStream(bytes) { Position = Magic.Length });
            (int width, int height, double rate) = (header.ReadInt32(), header.ReadInt32(), header.ReadDouble());
            (_bytes, _start) = (bytes, (int)header.BaseStream.Position);
            int frames = (bytes.Length - _start) / (width * height * 3);
            Info = new VideoInfo { Width = width, Height = height, FrameRate = rate, FrameCount = frames, Duration = TimeSpan.FromSeconds(frames / rate) };
        }

        public VideoInfo Info { get; }

        public bool IsLive => false;

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(FrameSampling sampling, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            (int width, int height) = (sampling.Width ?? Info.Width, sampling.Height ?? Info.Height);
            double rate = sampling.FramesPerSecond ?? Info.FrameRate!.Value;
            for (int i = 0; i < (sampling.MaxFrames ?? int.MaxValue); i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                double time = sampling.Start.TotalSeconds + (i / rate);
                int frame = (int)(time * Info.FrameRate!.Value);
                if (frame >= Info.FrameCount)
                {
                    break;
                }

                yield return VideoFrame.Wrap(Scale(frame, width, height), width, height, i, TimeSpan.FromSeconds(time));
            }

            await Task.CompletedTask;
        }

        // The nearest pixel of each.
        private byte[] Scale(int frame, int width, int height)
        {
            byte[] pixels = new byte[width * height * 3];
            int start = _start + (frame * Info.Width * Info.Height * 3);
            for (int i = 0; i < width * height; i++)
            {
                (int x, int y) = (i % width * Info.Width / width, i / width * Info.Height / height);
                _bytes.AsSpan(start + (((y * Info.Width) + x) * 3), 3).CopyTo(pixels.AsSpan(i * 3));
            }

            return pixels;
        }
    }
}
