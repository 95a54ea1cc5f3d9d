using MedGen.Sdk.Errors;
using MedGen.Torch.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGen.Torch.Tests.Weights;

public sealed class SafetensorsWeightsTests : IDisposable
{
    // 0x38 is 1.0, 0x40 is 2.0 and 0xC4 is −3.0 in float8_e4m3fn; 0x3C, 0x40 and 0xC2 in float8_e5m2.
    private static readonly byte[] Codes = [0x38, 0x40, 0xC4, 0x38];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(".scale_weight", new int[0], new[] { 0.5f }, "F8_E4M3 scaled", new[] { 0.5f, 1, -1.5f, 0.5f })]
    [InlineData(".weight_scale", new[] { 1 }, new[] { 0.5f }, "F8_E4M3 scaled", new[] { 0.5f, 1, -1.5f, 0.5f })]
    [InlineData(".weight_scale", new[] { 2 }, new[] { 0.5f, 4 }, "F8_E4M3 scaled by row", new[] { 0.5f, 1, -12, 4 })]
    [InlineData(".scale_weight", new[] { 2, 1 }, new[] { 0.5f, 4 }, "F8_E4M3 scaled by row", new[] { 0.5f, 1, -12, 4 })]
    public void Read_OfScaledFp8_MultipliesByTheScaleOfEachRow(string ending, int[] shape, float[] scale, string form, float[] expected)
    {
        using RawSafetensors raw = new RawSafetensors().Add("l.weight", "F8_E4M3", [2, 2], Codes).Add("l" + ending, shape, scale).Write();
        using WeightFile file = WeightFile.Open(raw.Path);

        file.Weights.Keys.ShouldBe(["l.weight"]);
        file.Weights["l.weight"].Form.ShouldBe(form);
        using StoredWeight weight = file.Read("l.weight");
        weight.IsQuantized.ShouldBeTrue();
        weight.ByteLength.ShouldBe(4 + (4 * scale.Length));
        Values(weight.Read(ScalarType.Float32)).ShouldBe(expected);
        Values(weight.ReadRows(tensor(new long[] { 1, 0, 1 }), ScalarType.Float32)).ShouldBe([.. expected[2..], .. expected[..2], .. expected[2..]]);
        weight.Read(ScalarType.BFloat16).dtype.ShouldBe(ScalarType.BFloat16);
    }

    [Fact]
    public void Read_OfEachTypeWithoutAStatement_KnowsItsNumbers()
    {
        using RawSafetensors raw = new RawSafetensors()
            .Add("a.weight", "F8_E4M3", [2, 2], Codes)
            .Add("b.weight", "F8_E5M2", [2, 2], 0x3C, 0x40, 0xC2, 0x01)
            .Add("c.weight", "I8", [2, 2], 1, 0xFF, 0x80, 0x7F).Add("c.weight_scale", [], 2).Write();
        using WeightFile file = WeightFile.Open(raw.Path);

        Values(file.Read("a.weight").Read(ScalarType.Float32)).ShouldBe([1, 2, -3, 1]);
        Values(file.Read("b.weight").Read(ScalarType.Float32)).ShouldBe([1, 2, -3, MathF.Pow(2, -16)]);
        Values(file.Read("c.weight").Read(ScalarType.Float32)).ShouldBe([2, -2, -256, 254]);
    }

    [Fact]
    public void Read_OfAWeightLargerThanAPiece_ScalesEveryRowByItsOwn()
    {
        const int Rows = 3000;
        const int Columns = 700;
        byte[] codes = [.. Enumerable.Repeat((byte)0x38, Rows * Columns)];
        float[] scales = [.. Enumerable.Range(1, Rows).Select(row => (float)row)];
        using RawSafetensors raw = new RawSafetensors().Add("l.weight", "F8_E4M3", [Rows, Columns], codes).Add("l.weight_scale", [Rows, 1], scales).Write();
        using WeightFile file = WeightFile.Open(raw.Path);

        Tensor read = file.Read("l.weight").Read(ScalarType.Float32);

        read.shape.ShouldBe([Rows, Columns]);
        read.eq(tensor(scales).unsqueeze(1)).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Read_AfterTheFileIsClosed_StillHoldsTheCodes()
    {
        using RawSafetensors raw = new RawSafetensors().Add("l.weight", "F8_E4M3", [2, 2], Codes).Add("l.weight_scale", [], 1).Write();
        StoredWeight weight;
        using (WeightFile file = WeightFile.Open(raw.Path))
        {
            weight = file.Read("l.weight");
        }

        Values(weight.Read(ScalarType.Float32)).ShouldBe([1, 2, -3, 1]);
    }

    [Theory]
    [InlineData("F8_E4M3", 0x7E, 0.5f, true)]
    [InlineData("F8_E4M3", 0x7F, 0.5f, false)]
    [InlineData("F8_E4M3", 0xFF, 0.5f, false)]
    [InlineData("F8_E4M3", 0x38, float.NaN, false)]
    [InlineData("F8_E5M2", 0x7B, 0.5f, true)]
    [InlineData("F8_E5M2", 0x7C, 0.5f, false)]
    [InlineData("F8_E5M2", 0xFE, 0.5f, false)]
    [InlineData("I8", 0xFF, 0.5f, true)]
    [InlineData("I8", 0xFF, float.PositiveInfinity, false)]
    public void IsFinite_LooksAtCodeAndScale(string type, byte code, float scale, bool expected)
    {
        using RawSafetensors raw = new RawSafetensors().Add("l.weight", type, [1], code).Add("l.scale_weight", [], scale).Write();
        using WeightFile file = WeightFile.Open(raw.Path);

        file.IsFinite("l.weight").ShouldBe(expected);
    }

    [Fact]
    public void Open_OfEverySpellingThatIsAllowed_KeepsTheWeightsAlone()
    {
        using RawSafetensors raw = new RawSafetensors()
            .Metadata("_quantization_metadata", """{"format_version": "1.0", "layers": {"m": {"format": "int8_tensorwise"}}}""")
            .Add("model.diffusion_model.scaled_fp8", "F32", [0])
            .Add("l.weight", "F8_E4M3", [2, 2], Codes).Add("l.scale_weight", [], 1).Add("l.scale_input", [], 3)
            .Statement("l.comfy_quant", """{"format": "float8_e4m3fn", "full_precision_matrix_mult": true, "convrot": false, "convrot_groupsize": 256}""")
            .Add("model.diffusion_model.m.weight", "I8", [2, 2], Codes).Add("model.diffusion_model.m.weight_scale", [], 1)
            .Add("model.diffusion_model.m.input_scale", [], 1)
            .Write();
        using WeightFile file = WeightFile.Open(raw.Path);

        file.Weights.Keys.ShouldBe(["l.weight", "model.diffusion_model.m.weight"]);
        file.Unused.ShouldBe(["2 scales of inputs ('l.scale_input'), for products in 8 bits"]);
    }

    [Theory]
    [InlineData("convrot", "'l.comfy_quant' states convrot: its weights are rotated")]
    [InlineData("nvfp4", "'l.comfy_quant' states the format \"nvfp4\"; supported: float8_e4m3fn, float8_e5m2, int8_tensorwise")]
    [InlineData("no format", "'l.comfy_quant' states no format")]
    [InlineData("unknown statement", "'l.comfy_quant' states group_size 16, which is not supported")]
    [InlineData("no JSON", "'l.comfy_quant' is not JSON")]
    [InlineData("said twice", "'l.comfy_quant' is not JSON")]
    [InlineData("not an object", "'l.comfy_quant' is Array, not a JSON object")]
    [InlineData("other type stated", "'l.weight' is F8_E4M3, its stated format is F8_E5M2")]
    [InlineData("stated without scale", "'l.weight' is F8_E4M3 and has no scale")]
    [InlineData("statement of F16", "'l.comfy_quant' is F16 of 2 bytes; allowed: U8")]
    [InlineData("int8 without scale", "'l.weight' is I8 and has no scale")]
    [InlineData("marked without scale", "'l.weight' is F8_E4M3 and has no scale")]
    [InlineData("mark of the other fp8", "'l.weight' is F8_E4M3, the mark 'scaled_fp8' is F8_E5M2")]
    [InlineData("mark of F16", "the mark 'scaled_fp8' is F16 of 0 values; allowed: F8_E4M3, F8_E5M2, F32 of 0 or 2")]
    [InlineData("mark of three", "the mark 'scaled_fp8' is F8_E4M3 of 3 values")]
    [InlineData("two marks", "are both marks of scaled fp8")]
    [InlineData("two scales", "'l.scale_weight' and 'l.weight_scale' are both of 'l'")]
    [InlineData("scale by column", "'l.weight_scale' has shape [1, 2]; allowed for 2 rows: [], [1], [2], [2, 1]")]
    [InlineData("scale of three", "'l.weight_scale' has shape [3]; allowed for 2 rows")]
    [InlineData("scale in whole numbers", "'l.weight_scale' is I8; allowed: F32, F16, BF16")]
    [InlineData("scale of F16", "'l.weight_scale' scales 'l.weight', which is F16; allowed: F8_E4M3, F8_E5M2, I8")]
    [InlineData("scale of nothing", "'k.weight_scale' belongs to no weight of this file")]
    [InlineData("statement of nothing", "'k.comfy_quant' belongs to no weight of this file")]
    [InlineData("metadata of nothing", "_quantization_metadata names the layer 'k', of which there is no weight")]
    [InlineData("metadata contradicts", "'l.comfy_quant' and _quantization_metadata state different formats")]
    [InlineData("metadata version", "_quantization_metadata has the format_version \"2.0\"; allowed: \"1.0\"")]
    [InlineData("metadata convrot", "_quantization_metadata of 'l' states convrot")]
    [InlineData("metadata unknown", "_quantization_metadata states groups 3, which is not supported")]
    public void Open_OfAFormThatIsNotRead_SaysWhich(string which, string expected)
    {
        RawSafetensors file = new();
        RawSafetensors Fp8() => file.Add("l.weight", "F8_E4M3", [2, 2], Codes);
        RawSafetensors Scaled() => Fp8().Add("l.weight_scale", [], 1);
        RawSafetensors Metadata(string json) => Scaled().Metadata("_quantization_metadata", json);
        _ = which switch
        {
            "convrot" => Scaled().Statement("l.comfy_quant", """{"format": "float8_e4m3fn", "convrot": true}"""),
            "nvfp4" => Scaled().Statement("l.comfy_quant", """{"format": "nvfp4"}"""),
            "no format" => Scaled().Statement("l.comfy_quant", "{}"),
            "unknown statement" => Scaled().Statement("l.comfy_quant", """{"format": "float8_e4m3fn", "group_size": 16}"""),
            "no JSON" => Scaled().Statement("l.comfy_quant", "{"),
            "said twice" => Scaled().Statement("l.comfy_quant", """{"format": "float8_e4m3fn", "format": "float8_e4m3fn"}"""),
            "not an object" => Scaled().Statement("l.comfy_quant", "[]"),
            "other type stated" => Scaled().Statement("l.comfy_quant", """{"format": "float8_e5m2"}"""),
            "stated without scale" => Fp8().Statement("l.comfy_quant", """{"format": "float8_e4m3fn"}"""),
            "statement of F16" => Scaled().Add("l.comfy_quant", "F16", [1], 1, 2),
            "int8 without scale" => file.Add("l.weight", "I8", [2, 2], Codes),
            "marked without scale" => Fp8().Add("scaled_fp8", "F8_E4M3", [0]),
            "mark of the other fp8" => Scaled().Add("scaled_fp8", "F8_E5M2", [0]),
            "mark of F16" => Scaled().Add("scaled_fp8", "F16", [0]),
            "mark of three" => Scaled().Add("scaled_fp8", "F8_E4M3", [3], 1, 2, 3),
            "two marks" => Scaled().Add("scaled_fp8", "F8_E4M3", [0]).Add("model.diffusion_model.scaled_fp8", "F8_E4M3", [0]),
            "two scales" => Fp8().Add("l.scale_weight", [], 1).Add("l.weight_scale", [], 1),
            "scale by column" => Fp8().Add("l.weight_scale", [1, 2], 1, 1),
            "scale of three" => Fp8().Add("l.weight_scale", [3], 1, 1, 1),
            "scale in whole numbers" => Fp8().Add("l.weight_scale", "I8", [1], 1),
            "scale of F16" => file.Add("l.weight", "F16", [2, 1], 0, 0, 0, 0).Add("l.weight_scale", [], 1),
            "scale of nothing" => Scaled().Add("k.weight_scale", [], 1),
            "statement of nothing" => Scaled().Statement("k.comfy_quant", """{"format": "float8_e4m3fn"}"""),
            "metadata of nothing" => Metadata("""{"layers": {"k": {"format": "float8_e4m3fn"}}}"""),
            "metadata contradicts" => Metadata("""{"layers": {"l": {"format": "float8_e5m2"}}}""")
                .Statement("l.comfy_quant", """{"format": "float8_e4m3fn"}"""),
            "metadata version" => Metadata("""{"format_version": "2.0", "layers": {}}"""),
            "metadata convrot" => Metadata("""{"layers": {"l": {"format": "float8_e4m3fn", "convrot": true}}}"""),
            "metadata unknown" => Metadata("""{"layers": {}, "groups": 3}"""),
            _ => throw new ArgumentOutOfRangeException(nameof(which), which, "Not a case."),
        };
        using RawSafetensors raw = file.Write();

        Should.Throw<ModelFormatException>(() => WeightFile.Open(raw.Path)).Message.ShouldContain(expected);
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
