using System.Buffers.Binary;
using System.Text;
using MedGen.Training.Running;

namespace MedGen.Training.Tests.Running;

/// <summary>Reads event files as their format says: TFRecord frames with masked CRC-32C around protobuf messages.</summary>
[Collection("torch")]
public sealed class TensorBoardLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("medgen-tensorboard-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("123456789", 0xE3069283)] // the check value of CRC-32C
    [InlineData("", 0)]
    public void Crc_OfKnownTexts_IsTheKnownOne(string text, uint expected) => Crc(Encoding.ASCII.GetBytes(text)).ShouldBe(expected);

    [Fact]
    public void Write_OfATraining_GivesEveryNumberUnderItsTagAndStep()
    {
        string log = Path.Combine(_folder, "run.log.jsonl");
        using (RunLog first = new(log, "flow", 0, null, Path.Combine(_folder, "events")))
        {
            first.Write(new TrainingProgress { Run = "flow", Event = "prepare", Done = 1, Total = 3 });
            first.Write(Step(1, 0.5));
            first.Write(Step(2, 0.25));
            first.Write(Step(3, 9));
        }

        // The third step was not in the checkpoint and is done again.
        using (RunLog second = new(log, "flow", 2, null, Path.Combine(_folder, "events")))
        {
            second.Write(Step(3, 0.125));
            second.Write(new TrainingProgress { Run = "flow", Event = "validate", Done = 3, Total = 3, Loss = 0.75 });
        }

        Read().Where(scalar => scalar.Tag != "learning_rate").ShouldBe(
        [
            ("loss/train", 1, 0.5f), ("psnr/train", 1, 20), ("loss/train", 2, 0.25f), ("psnr/train", 2, 20), ("loss/train", 3, 0.125f), ("psnr/train", 3, 20),
            ("loss/held_out", 3, 0.75f),
        ]);
        Read().Count(scalar => scalar.Tag == "learning_rate").ShouldBe(3);
    }

    private static TrainingProgress Step(int step, double loss) => new()
    {
        Run = "flow", Event = "train", Done = step, Total = 3, Loss = loss, LearningRate = 0.001, Metrics = new Dictionary<string, double> { ["psnr"] = 20 },
    };

    private (string Tag, long Step, float Value)[] Read()
    {
        byte[] bytes = File.ReadAllBytes(Directory.GetFiles(Path.Combine(_folder, "events")).ShouldHaveSingleItem());
        List<(string, long, float)> scalars = [];
        for (int at = 0; at < bytes.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)).ShouldBe(Masked(Crc(bytes.AsSpan(at, 8))));
            ReadOnlySpan<byte> message = bytes.AsSpan(at + 12, length);
            BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)).ShouldBe(Masked(Crc(message)));
            Dictionary<int, byte[]> @event = Fields(message);
            if (@event.TryGetValue(5, out byte[]? summary)) // Event.summary
            {
                Dictionary<int, byte[]> value = Fields(Fields(summary)[1]); // Summary.value: tag = 1, simple_value = 2
                scalars.Add((Encoding.UTF8.GetString(value[1]), (long)Varint(@event[2], out _), BitConverter.ToSingle(value[2])));
            }

            at += 12 + length + 4;
        }

        return [.. scalars];
    }

    private static Dictionary<int, byte[]> Fields(ReadOnlySpan<byte> message)
    {
        Dictionary<int, byte[]> fields = [];
        while (message.Length > 0)
        {
            ulong key = Varint(message, out int used);
            message = message[used..];
            int length = (key & 7) switch
            {
                0 => VarintLength(message),
                1 => 8,
                5 => 4,
                _ => (int)Varint(message, out used),
            };
            message = (key & 7) == 2 ? message[used..] : message;
            fields[(int)(key >> 3)] = message[..length].ToArray();
            message = message[length..];
        }

        return fields;
    }

    private static int VarintLength(ReadOnlySpan<byte> bytes)
    {
        Varint(bytes, out int used);
        return used;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, out int used)
    {
        ulong value = 0;
        for (used = 0; ; used++)
        {
            value |= (ulong)(bytes[used] & 0x7F) << (7 * used);
            if (bytes[used] < 0x80)
            {
                used++;
                return value;
            }
        }
    }

    private static uint Masked(uint crc) => unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        return ~crc;
    }
}
