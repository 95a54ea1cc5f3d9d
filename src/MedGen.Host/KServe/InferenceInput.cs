using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Inference;
using MedGen.Sdk.Errors;
using static Inference.InferParameter.ParameterChoiceOneofCase;

namespace MedGen.Host.KServe;

/// <summary>One input of a request: frames, a file, or the id of a stored one.</summary>
internal sealed record InferenceInput
{
    private const string Rate = "frames_per_second";
    private const string ContentType = "content_type";

    /// <summary>Role of the clip.</summary>
    public required string Role { get; init; }

    /// <summary>RGB24 pixels of <see cref="Count"/> frames; null: it is a file.</summary>
    public ReadOnlyMemory<byte>? Frames { get; init; }

    /// <summary>Number of frames.</summary>
    public int Count { get; init; }

    /// <summary>Height of a frame in px.</summary>
    public int Height { get; init; }

    /// <summary>Width of a frame in px.</summary>
    public int Width { get; init; }

    /// <summary>Frames per second; null: not stated.</summary>
    public double? FrameRate { get; init; }

    /// <summary>A file's content; null: it is frames, or a stored file.</summary>
    public ReadOnlyMemory<byte>? File { get; init; }

    /// <summary>Id of a stored file; null: it is none.</summary>
    public string? ArtifactId { get; init; }

    /// <summary>Reads an input.</summary>
    /// <param name="request">The request.</param>
    /// <param name="index">Which of its inputs.</param>
    /// <exception cref="InvalidInputException">It is none that is taken here.</exception>
    public static InferenceInput Read(ModelInferRequest request, int index)
    {
        ModelInferRequest.Types.InferInputTensor tensor = request.Inputs[index];
        ByteString? raw = request.RawInputContents.Count > index ? request.RawInputContents[index] : null;
        string field = $"inputs[{index}]";
        Violations violations = new();
        foreach ((string name, InferParameter value) in tensor.Parameters)
        {
            bool isKnown = (name == Rate && tensor.Datatype == "UINT8") || (name == ContentType && tensor.Datatype == "BYTES");
            violations.Require(isKnown, $"{field}.parameters", $"got another parameter", $"{Rate} of frames, {ContentType} of a file");
        }

        violations.Require(
            tensor.Datatype is not ("UINT8" or "BYTES") || tensor.Contents is not { } contents || !HoldsOther(contents, tensor.Datatype),
            field, $"has values in a list of another type", $"uint_contents for UINT8, bytes_contents for BYTES");
        violations.ThrowIfAny();
        return tensor.Datatype switch
        {
            "UINT8" => ReadFrames(tensor, raw, field),
            "BYTES" => ReadFile(tensor, raw, field),
            _ => throw new InvalidInputException(
                $"{field}.datatype",
                "Got another type; allowed: UINT8 of shape [frames, height, width, 3] or [height, width, 3], BYTES of shape [1]."),
        };
    }

    private static bool HoldsOther(InferTensorContents contents, string datatype) =>
        contents.BoolContents.Count + contents.IntContents.Count + contents.Int64Contents.Count + contents.Uint64Contents.Count
            + contents.Fp32Contents.Count + contents.Fp64Contents.Count
            + (datatype == "UINT8" ? contents.BytesContents.Count : contents.UintContents.Count) > 0;

    private static InferenceInput ReadFrames(ModelInferRequest.Types.InferInputTensor tensor, ByteString? raw, string field)
    {
        long[] shape = tensor.Shape.Count == 3 ? [1, .. tensor.Shape] : [.. tensor.Shape];
        if (shape is not [>= 1 and <= 1_000_000, >= 1 and <= 16_384, >= 1 and <= 16_384, 3])
        {
            throw new InvalidInputException(
                $"{field}.shape", "Got another shape; allowed: [frames, height, width, 3] or [height, width, 3], RGB, sides up to 16384 px.");
        }

        long expected = shape[0] * shape[1] * shape[2] * 3;
        ReadOnlyMemory<byte> pixels = raw?.Memory ?? Bytes(tensor.Contents?.UintContents ?? [], field);
        if (pixels.Length != expected)
        {
            throw new InvalidInputException(field, $"Has {pixels.Length} values; the shape has {expected}.");
        }

        double? rate = RateOf(tensor, field);
        if (rate is null && shape[0] > 1)
        {
            throw new InvalidInputException($"{field}.parameters.{Rate}", "Is missing; several frames need it: above 0, at most 240.");
        }

        return new InferenceInput
        {
            Role = tensor.Name, Frames = pixels, Count = (int)shape[0], Height = (int)shape[1], Width = (int)shape[2], FrameRate = rate,
        };
    }

    private static double? RateOf(ModelInferRequest.Types.InferInputTensor tensor, string field)
    {
        if (!tensor.Parameters.TryGetValue(Rate, out InferParameter? value))
        {
            return null;
        }

        double rate = value.ParameterChoiceCase switch
        {
            DoubleParam => value.DoubleParam,
            Int64Param => value.Int64Param,
            Uint64Param => value.Uint64Param,
            _ => double.NaN,
        };
        return rate is > 0 and <= 240
            ? rate
            : throw new InvalidInputException($"{field}.parameters.{Rate}", "Got another value; allowed: above 0, at most 240.");
    }

    private static byte[] Bytes(RepeatedField<uint> values, string field)
    {
        byte[] bytes = new byte[values.Count];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = values[i] <= byte.MaxValue
                ? (byte)values[i]
                : throw new InvalidInputException(field, $"Got {values[i]}; allowed: 0 to 255.");
        }

        return bytes;
    }

    private static InferenceInput ReadFile(ModelInferRequest.Types.InferInputTensor tensor, ByteString? raw, string field)
    {
        if (tensor.Shape.Any(side => side != 1))
        {
            throw new InvalidInputException($"{field}.shape", "Got another shape; allowed: [1], one file.");
        }

        ReadOnlyMemory<byte> content = raw is not null ? Unframed(raw.Memory, field)
            : tensor.Contents is { BytesContents: [var only] } ? only.Memory
            : throw new InvalidInputException(field, $"Has {tensor.Contents?.BytesContents.Count ?? 0} values; the shape has 1.");
        string kind = tensor.Parameters.TryGetValue(ContentType, out InferParameter? value) ? value.StringParam : "file";
        return kind switch
        {
            "file" => new InferenceInput { Role = tensor.Name, File = content },
            "artifact_id" => new InferenceInput { Role = tensor.Name, ArtifactId = Encoding.Latin1.GetString(content.Span) },
            _ => throw new InvalidInputException($"{field}.parameters.{ContentType}", "Got another value; allowed: file, artifact_id."),
        };
    }

    private static ReadOnlyMemory<byte> Unframed(ReadOnlyMemory<byte> raw, string field) =>
        raw.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(raw.Span) == raw.Length - 4
            ? raw[4..]
            : throw new InvalidInputException(field, "Is not one value with its length before it, as a little-endian uint32.");
}
