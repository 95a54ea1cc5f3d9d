using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Proto = MedGen.Protos.V1;

namespace MedGen.Host.Tests.Errors;

/// <summary>Every RPC of the host with messages that are damaged in every way that a seeded generator thinks of, framed by hand.</summary>
internal sealed class MutatedMessages(int seed)
{
    private static readonly MethodDescriptor[] Methods =
    [
        .. new[]
        {
            Proto.Generation.Descriptor, Proto.Analysis.Descriptor, Proto.Augmentation.Descriptor, Proto.Artifacts.Descriptor, Proto.Jobs.Descriptor,
            Proto.Plugins.Descriptor, Proto.Models.Descriptor, Grpc.Health.V1.Health.Descriptor, Grpc.Reflection.V1Alpha.ServerReflection.Descriptor,
        }.SelectMany(service => service.Methods),
    ];

    private readonly Random _random = new(seed);

    /// <summary>How many calls ended with which status.</summary>
    public Dictionary<StatusCode, int> Counts { get; } = [];

    /// <summary>The first calls that ended as if the host were to blame.</summary>
    public List<string> Faults { get; } = [];

    public async Task SendAsync(Uri address, int count, CancellationToken cancellationToken)
    {
        using HttpClient client = new() { BaseAddress = address };
        for (int i = 0; i < count; i++)
        {
            MethodDescriptor method = Methods[_random.Next(Methods.Length)];
            byte[] body = Frame(method);
            StatusCode status = await CallAsync(client, method, body, cancellationToken);
            Counts[status] = Counts.GetValueOrDefault(status) + 1;
            if (status is StatusCode.Unknown or StatusCode.Internal && Faults.Count < 10)
            {
                Faults.Add($"{status} {method.FullName} {Convert.ToHexString(body.AsSpan(0, Math.Min(body.Length, 64)))}");
            }
        }
    }

    private static async Task<StatusCode> CallAsync(HttpClient client, MethodDescriptor method, byte[] body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/{method.Service.FullName}/{method.Name}")
        {
            Content = new ByteArrayContent(body), Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.Add("TE", "trailers");
        // Watches have no end of their own.
        request.Headers.Add("grpc-timeout", method.Name == "Watch" ? "50m" : "2S");
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        string? status = response.TrailingHeaders.Concat(response.Headers).FirstOrDefault(header => header.Key == "grpc-status").Value?.First();
        return status is null ? StatusCode.Unavailable : (StatusCode)int.Parse(status, System.Globalization.CultureInfo.InvariantCulture);
    }

    // One or two messages, each with its five bytes of framing, and now and then a frame that lies.
    private byte[] Frame(MethodDescriptor method)
    {
        using MemoryStream body = new();
        for (int i = _random.Next(3) == 0 && method.IsClientStreaming ? 2 : 1; i > 0; i--)
        {
            byte[] message = Mutate(Fill(method.InputType).ToByteArray());
            byte[] head = new byte[5];
            head[0] = (byte)(_random.Next(20) == 0 ? _random.Next(256) : 0);
            BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(1), _random.Next(20) == 0 ? (uint)_random.Next() : (uint)message.Length);
            body.Write(head);
            body.Write(message);
        }

        return body.ToArray();
    }

    private IMessage Fill(MessageDescriptor type, int depth = 0)
    {
        IMessage message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder().Where(field => !field.IsRepeated && !field.IsMap && _random.Next(2) == 0))
        {
            object? value = field.FieldType switch
            {
                FieldType.String => _random.Next(3) switch { 0 => "fake", 1 => new string('0', 32), _ => "../\0\u202e" },
                FieldType.Int32 => _random.Next(-2, 5000),
                FieldType.UInt32 => (uint)_random.Next(0, 5000),
                FieldType.Int64 => _random.NextInt64(-2, 1L << 40),
                FieldType.UInt64 => (ulong)_random.NextInt64(0, 1L << 40),
                FieldType.Double => _random.NextDouble() * 100,
                FieldType.Float => _random.NextSingle() * 100,
                FieldType.Bool => true,
                FieldType.Bytes => ByteString.CopyFrom(new byte[_random.Next(200)]),
                FieldType.Message when depth < 3 && field.MessageType.File.Package != "google.protobuf" => Fill(field.MessageType, depth + 1),
                _ => null,
            };
            if (value is not null)
            {
                field.Accessor.SetValue(message, value);
            }
        }

        return message;
    }

    private byte[] Mutate(byte[] bytes)
    {
        List<byte> mutated = [.. bytes];
        for (int i = _random.Next(4); i > 0; i--)
        {
            int at = _random.Next(mutated.Count + 1);
            switch (_random.Next(5))
            {
                case 0 when at < mutated.Count:
                    mutated[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1:
                    mutated.Insert(at, (byte)_random.Next(256));
                    break;
                case 2 when at < mutated.Count:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
                case 3 when at < mutated.Count:
                    mutated[at] = 0xff;
                    break;
                default:
                    mutated.InsertRange(at, Enumerable.Range(0, _random.Next(12)).Select(_ => (byte)0x80));
                    break;
            }
        }

        return [.. mutated];
    }
}
