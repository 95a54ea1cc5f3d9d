using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.PluginHost.Isolation;

/// <summary>Lends the host's model to a worker: it asks over its line, and what it asks is not trusted.</summary>
/// <param name="channel">The line.</param>
/// <param name="model">The model; null: the host has none.</param>
internal sealed class WorkerLender(WorkerChannel channel, IMedGenModel? model)
{
    // Twice of what a worker asks at a time: it may hear an answer, and ask again, before that counts no longer.
    private const int MostAtATime = 8;

    private readonly ConcurrentDictionary<int, CancellationTokenSource> _generations = [];
    private int _running;

    /// <summary>What the model is; null: there is none, or it is still being loaded.</summary>
    public ModelDescription? Loaded()
    {
        try
        {
            return model is null ? null : model.Description with { Lexicon = null, TrainingData = null };
        }
        catch (FailedPreconditionException)
        {
            return null;
        }
    }

    /// <summary>Takes a message, if it asks for the model, and answers it later.</summary>
    /// <param name="message">What the worker says.</param>
    /// <param name="payload">What lies behind it.</param>
    /// <param name="over">Cancelled when the call is over that it asks for.</param>
    /// <exception cref="InvalidDataException">It asks for too much at once.</exception>
    public bool Takes(WorkerMessage message, byte[] payload, CancellationToken over)
    {
        if (message is StopModel { Request: var unwanted })
        {
            if (_generations.TryGetValue(unwanted, out CancellationTokenSource? generation))
            {
                _ = generation.CancelAsync();
            }

            return true;
        }

        Func<Task>? answer = message switch
        {
            ExtractFeatures asked => () => ExtractAsync(asked, payload, over),
            ModelGenerate asked => () => GenerateAsync(asked, payload, over),
            ModelValidate asked => () => ValidateAsync(asked, over),
            DescribeAdapter asked => () => DescribeAsync(asked, over),
            _ => null,
        };
        if (answer is null)
        {
            return false;
        }

        if (Interlocked.Increment(ref _running) > MostAtATime)
        {
            throw new InvalidDataException("It asks for too much of the model at once.");
        }

        _ = AnswerAsync(answer);
        return true;
    }

    // It counts until the answer is sent: answers that a worker does not read must not pile up.
    private async Task AnswerAsync(Func<Task> answer)
    {
        try
        {
            await answer().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The worker is gone, and its calls are told why.
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private IMedGenModel Model => model ?? throw new FailedPreconditionException("MODEL_NOT_LOADED", "This host has no model.");

    private async Task ExtractAsync(ExtractFeatures asked, byte[] pixels, CancellationToken over)
    {
        WorkerMessage answer;
        byte[] values = [];
        try
        {
            FrameHead head = new(asked.Width, asked.Height, 0, default);
            (List<VideoFrame> frames, _) = Cut(pixels, [.. Enumerable.Repeat(head, Math.Clamp(asked.Count, 0, pixels.Length))]);
            ModelFeatures features = await Model.ExtractFeaturesAsync(frames, asked.Layer, asked.Timestep, over).ConfigureAwait(false);
            values = MemoryMarshal.AsBytes(features.Values.Span).ToArray();
            answer = new Features(asked.Request, features.Layer, features.Shape, Error: null);
        }
        catch (Exception exception)
        {
            answer = new Features(asked.Request, asked.Layer, [], WorkerError.Of(exception));
        }

        await channel.SendAsync(answer, values, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task GenerateAsync(ModelGenerate asked, byte[] payload, CancellationToken over)
    {
        WorkerError? error = null;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(over);
        _generations[asked.Request] = stop;
        try
        {
            VideoGenerationRequest plain = asked.Asked.Request;
            FrameHead head = new(plain.Width, plain.Height, 0, default);
            IEnumerable<FrameHead> source = Enumerable.Repeat(head, Math.Clamp(asked.SourceFrames, 0, payload.Length));
            FrameHead[] heads = [.. asked.First is { } one ? [one] : (FrameHead[])[], .. source];
            (List<VideoFrame> frames, ReadOnlyMemory<byte> rest) = Cut(payload, heads);
            VideoFrame? first = asked.First is null ? null : frames[0];
            VideoFrame[] others = [.. frames.Skip(first is null ? 0 : 1)];
            VideoGenerationRequest request =
                asked.Asked.ToRequest(rest) with { FirstFrame = first, SourceFrames = others.Length == 0 ? null : others };
            Violations violations = new();
            request.Check(violations);
            violations.ThrowIfAny();
            await foreach (GenerationUpdate update in Model.GenerateAsync(request, stop.Token).ConfigureAwait(false))
            {
                foreach ((Update said, ReadOnlyMemory<byte> bytes) in Update.Of(update))
                {
                    await channel.SendAsync(new ModelSaid(asked.Request, said, Error: null), bytes, stop.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (exception is not (IOException or ObjectDisposedException))
        {
            error = WorkerError.Of(exception);
        }
        finally
        {
            _generations.TryRemove(asked.Request, out _);
        }

        await channel.SendAsync(new ModelSaid(asked.Request, Update: null, error), default, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task ValidateAsync(ModelValidate asked, CancellationToken over)
    {
        WorkerError? error = null;
        try
        {
            await Model.ValidateAsync(asked.Asked.ToRequest(default), over).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            error = WorkerError.Of(exception);
        }

        await channel.SendAsync(new ModelSaid(asked.Request, Update: null, error), default, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task DescribeAsync(DescribeAdapter asked, CancellationToken over)
    {
        AdapterDescribed answer;
        try
        {
            AdapterDescription adapter = await Model.DescribeAdapterAsync(asked.Name, over).ConfigureAwait(false);
            answer = new AdapterDescribed(asked.Request, adapter with { TrainingData = null }, Error: null);
        }
        catch (Exception exception)
        {
            answer = new AdapterDescribed(asked.Request, Adapter: null, WorkerError.Of(exception));
        }

        await channel.SendAsync(answer, default, CancellationToken.None).ConfigureAwait(false);
    }

    private static (List<VideoFrame> Frames, ReadOnlyMemory<byte> Others) Cut(byte[] bytes, IReadOnlyList<FrameHead> heads)
    {
        List<VideoFrame> frames = [];
        int at = 0;
        foreach (FrameHead head in heads)
        {
            int size = checked(head.Width * head.Height * 3);
            if (size < 1 || size > bytes.Length - at)
            {
                throw new InvalidInputException("frames", $"got {bytes.Length} bytes; allowed: as many as the frames take.");
            }

            frames.Add(VideoFrame.Wrap(bytes.AsSpan(at, size).ToArray(), head.Width, head.Height, frames.Count));
            at += size;
        }

        return (frames, bytes.AsMemory(at));
    }
}
