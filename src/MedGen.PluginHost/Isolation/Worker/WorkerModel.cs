using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using MedGen.Sdk.Errors;
using MedGen.Sdk.Frames;
using MedGen.Sdk.Generation;
using MedGen.Sdk.Models;

namespace MedGen.PluginHost.Isolation.Worker;

/// <summary>The host's model: what is asked of it goes to the host, and comes back over the line.</summary>
internal sealed class WorkerModel(WorkerChannel channel) : IMedGenModel
{
    private const int MostBytes = 250 << 20; // with the message, what the host takes
    private const int MostAtATime = 4;

    private readonly ConcurrentDictionary<int, Channel<(WorkerMessage Message, byte[] Payload)>> _asked = [];
    private readonly Channel<byte> _open = Channel.CreateBounded<byte>(MostAtATime); // one for each question that is not answered yet
    private int _last;

    /// <summary>What is loaded, as the host said last; null: nothing yet.</summary>
    public ModelDescription? Loaded { get; set; }

    public ModelDescription Description => Loaded ?? throw new FailedPreconditionException("MODEL_NOT_LOADED", "The host has no model loaded.");

    public async IAsyncEnumerable<GenerationUpdate> GenerateAsync(
        VideoGenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<VideoFrame> source = request.SourceFrames ?? [];
        ReadOnlyMemory<byte>[] parts =
        [
            .. request.FirstFrame is { } first ? [first.Pixels] : (ReadOnlyMemory<byte>[])[],
            .. source.Select(frame => frame.Pixels),
            .. request.Service.Checkpoint is { } checkpoint ? [checkpoint.Content] : (ReadOnlyMemory<byte>[])[],
        ];
        FrameHead? head = request.FirstFrame is { } picture ? FrameHead.Of(picture) : null;
        Question question = new(this, number => new ModelGenerate(number, GenerationAsked.Of(request), head, source.Count));
        await using ConfiguredAsyncDisposable asking = question.ConfigureAwait(false);
        await question.AskAsync(Joined(parts), cancellationToken).ConfigureAwait(false);
        while (await question.NextAsync(cancellationToken).ConfigureAwait(false) is var (message, payload)
            && message is ModelSaid { Update: { } update })
        {
            yield return update.ToGeneration(payload);
        }
    }

    public async Task ValidateAsync(VideoGenerationRequest request, CancellationToken cancellationToken)
    {
        Question question = new(this, number => new ModelValidate(number, GenerationAsked.Of(request)));
        await using ConfiguredAsyncDisposable asking = question.ConfigureAwait(false);
        await question.AskAsync([], cancellationToken).ConfigureAwait(false);
        await question.NextAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<AdapterDescription> DescribeAdapterAsync(string name, CancellationToken cancellationToken)
    {
        Question question = new(this, number => new DescribeAdapter(number, name));
        await using ConfiguredAsyncDisposable asking = question.ConfigureAwait(false);
        await question.AskAsync([], cancellationToken).ConfigureAwait(false);
        (WorkerMessage answer, _) = await question.AnswerAsync(cancellationToken).ConfigureAwait(false);
        return ((AdapterDescribed)answer).Adapter!;
    }

    public async Task<ModelFeatures> ExtractFeaturesAsync(
        IReadOnlyList<VideoFrame> frames, string layer, double timestep, CancellationToken cancellationToken)
    {
        if (frames.Count == 0
            || frames.Any(frame => (frame.Width, frame.Height, frame.Format) != (frames[0].Width, frames[0].Height, FrameFormat.Rgb24)))
        {
            throw new InvalidInputException("frames", $"got {frames.Count} frames; allowed: at least one, all of one size and in RGB24.");
        }

        Question question = new(this, number => new ExtractFeatures(number, layer, timestep, frames[0].Width, frames[0].Height, frames.Count));
        await using ConfiguredAsyncDisposable asking = question.ConfigureAwait(false);
        await question.AskAsync(Joined([.. frames.Select(frame => frame.Pixels)]), cancellationToken).ConfigureAwait(false);
        (WorkerMessage answer, byte[] payload) = await question.AnswerAsync(cancellationToken).ConfigureAwait(false);
        Features features = (Features)answer;
        return new ModelFeatures
        {
            Layer = features.Layer, Shape = features.Shape, Values = MemoryMarshal.Cast<byte, float>(payload).ToArray(),
        };
    }

    /// <summary>Takes an answer.</summary>
    public void Take(WorkerMessage answer, byte[] payload)
    {
        (int number, WorkerError? error) = answer switch
        {
            Features features => (features.Request, features.Error),
            ModelSaid said => (said.Request, said.Error),
            AdapterDescribed described => (described.Request, described.Error),
            _ => (0, null),
        };
        if (!_asked.TryGetValue(number, out Channel<(WorkerMessage Message, byte[] Payload)>? answers))
        {
            return;
        }

        if (error is not null || answer is ModelSaid { Update: null })
        {
            answers.Writer.TryComplete(error?.ToException());
        }
        else
        {
            answers.Writer.TryWrite((answer, payload));
        }
    }

    private static byte[] Joined(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        long length = parts.Sum(part => (long)part.Length);
        if (length > MostBytes)
        {
            throw new InvalidInputException("frames", $"got {length} bytes; allowed from a process of its own: {MostBytes}.");
        }

        byte[] all = new byte[length];
        int at = 0;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            part.CopyTo(all.AsMemory(at));
            at += part.Length;
        }

        return all;
    }

    /// <summary>Something that the model is asked, from the question to the last answer.</summary>
    private sealed class Question : IAsyncDisposable
    {
        private readonly WorkerModel _model;
        private readonly int _number;
        private readonly WorkerMessage _message;
        private readonly Channel<(WorkerMessage Message, byte[] Payload)> _answers =
            Channel.CreateUnbounded<(WorkerMessage Message, byte[] Payload)>();

        private bool _isAsked;

        public Question(WorkerModel model, Func<int, WorkerMessage> message)
        {
            _model = model;
            _number = Interlocked.Increment(ref model._last);
            _message = message(_number) with { Call = WorkerSideCall.CurrentId };
            model._asked[_number] = _answers;
        }

        /// <summary>Asks, when not too much is asked already.</summary>
        public async Task AskAsync(byte[] payload, CancellationToken cancellationToken)
        {
            await _model._open.Writer.WriteAsync(0, cancellationToken).ConfigureAwait(false);
            _isAsked = true;
            await _model.SendAsync(_message, payload, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>The only answer.</summary>
        public async Task<(WorkerMessage Message, byte[] Payload)> AnswerAsync(CancellationToken cancellationToken) =>
            await NextAsync(cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("The host said nothing of the model.");

        /// <summary>The next answer; null: there is no more.</summary>
        public async Task<(WorkerMessage Message, byte[] Payload)?> NextAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await _answers.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException closed)
            {
                return closed.InnerException is { } broke ? throw broke : null;
            }
        }

        public async ValueTask DisposeAsync()
        {
            _model._asked.TryRemove(_number, out _);
            if (!_isAsked)
            {
                return;
            }

            _model._open.Reader.TryRead(out _);
            if (_message is ModelGenerate && !_answers.Reader.Completion.IsCompleted)
            {
                await _model.SendAsync(new StopModel(_number) { Call = _message.Call }, [], CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private Task SendAsync(WorkerMessage message, byte[] payload, CancellationToken cancellationToken) =>
        channel.SendAsync(message, payload, cancellationToken);
}
