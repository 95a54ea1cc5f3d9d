using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGen.PluginHost.Isolation;

/// <summary>
/// One end of the line between host and worker: two pipes. On the wire a message is its length and that of its bytes (32-bit little endian each), the
/// message as JSON in UTF-8, and its bytes.
/// </summary>
/// <param name="input">What comes.</param>
/// <param name="output">What goes.</param>
/// <param name="mostMessageBytes">Longest message that is taken.</param>
/// <param name="mostPayloadBytes">Most bytes behind one.</param>
internal sealed class WorkerChannel(Stream input, Stream output, int mostMessageBytes, int mostPayloadBytes) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>Sends a message; several callers may.</summary>
    /// <exception cref="IOException">The other end is gone.</exception>
    public async Task SendAsync(WorkerMessage message, ReadOnlyMemory<byte> payload = default, CancellationToken cancellationToken = default)
    {
        ArrayBufferWriter<byte> head = new();
        head.GetSpan(8).Clear();
        head.Advance(8);
        using (Utf8JsonWriter json = new(head))
        {
            JsonSerializer.Serialize(json, message, Json);
        }

        byte[] bytes = head.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), payload.Length);
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Not given up in the middle: the other end could not tell where the next message begins.
            await output.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false);
            await output.WriteAsync(payload, CancellationToken.None).ConfigureAwait(false);
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next message; one reader only.</summary>
    /// <returns>The message and its bytes; null: the other end has closed the line.</returns>
    /// <exception cref="InvalidDataException">What came is no message.</exception>
    public async Task<(WorkerMessage Message, byte[] Payload)?> ReadAsync()
    {
        byte[] lengths = new byte[8];
        if (await input.ReadAtLeastAsync(lengths, 8, throwOnEndOfStream: false).ConfigureAwait(false) < 8)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(lengths);
        int payloadLength = BinaryPrimitives.ReadInt32LittleEndian(lengths.AsSpan(4));
        if (length < 2 || length > mostMessageBytes || payloadLength < 0 || payloadLength > mostPayloadBytes)
        {
            throw new InvalidDataException($"A message of {length} bytes with {payloadLength} behind it is none.");
        }

        byte[] json = await ReadExactlyAsync(length).ConfigureAwait(false);
        byte[] payload = await ReadExactlyAsync(payloadLength).ConfigureAwait(false);
        try
        {
            return (JsonSerializer.Deserialize<WorkerMessage>(json, Json) ?? throw new InvalidDataException("The message is null."), payload);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"What came is no message: {exception.Message}", exception);
        }
    }

    public void Dispose()
    {
        output.Dispose();
        input.Dispose();
        _sending.Dispose();
    }

    private async Task<byte[]> ReadExactlyAsync(int length)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        try
        {
            await input.ReadExactlyAsync(bytes).ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("The line ended in the middle of a message.");
        }

        return bytes;
    }
}
