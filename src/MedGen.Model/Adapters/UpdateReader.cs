using MedGen.Torch.Safetensors;
using static TorchSharp.torch;

namespace MedGen.Model.Adapters;

/// <summary>The parts of one module, checked against its weights; what is read is loaded only after all modules have been checked.</summary>
/// <param name="module">The module by its original Wan name.</param>
/// <param name="parts">Its parts.</param>
/// <param name="load">Loads a part, true: in float32.</param>
/// <param name="problems">What is wrong is added to them.</param>
internal sealed class UpdateReader(
    string module, IReadOnlyDictionary<AdapterRole, SafetensorInfo> parts, Func<SafetensorInfo, bool, Tensor> load, AdapterProblems problems)
{
    private static readonly AdapterRole[] LowRank = [AdapterRole.Down, AdapterRole.Up, AdapterRole.Magnitude];

    private static readonly AdapterRole[] Hadamard = [AdapterRole.HadamardA1, AdapterRole.HadamardB1, AdapterRole.HadamardA2, AdapterRole.HadamardB2];

    private static readonly AdapterRole[] Kronecker =
    [
        AdapterRole.KroneckerFirst, AdapterRole.KroneckerFirstA, AdapterRole.KroneckerFirstB,
        AdapterRole.KroneckerSecond, AdapterRole.KroneckerSecondA, AdapterRole.KroneckerSecondB,
    ];

    /// <summary>What a product of low-rank parts is multiplied by, for its rank and the tensor that states alpha.</summary>
    public required Func<long, SafetensorInfo?, double> FactorOf { get; init; }

    private SafetensorInfo? Alpha => parts.GetValueOrDefault(AdapterRole.Alpha);

    /// <summary>Reads the module's changes.</summary>
    /// <param name="shapes">Shape of each weight of the transformer by its original name.</param>
    /// <param name="updates">Takes the update of the module's weight, if it is a linear's.</param>
    /// <param name="differences">Takes those of its other weights.</param>
    public void Read(
        IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, Dictionary<string, Func<LinearUpdate>> updates,
        Dictionary<string, Func<Tensor>> differences)
    {
        ReadDifference(AdapterRole.BiasDifference, "bias", shapes, differences);
        ReadDifference(AdapterRole.ModulationDifference, "modulation", shapes, differences);
        IReadOnlyList<long>? shape = shapes.GetValueOrDefault($"{module}.weight");
        if (shape is { Count: 1 } && parts.ContainsKey(AdapterRole.Difference))
        {
            ReadDifference(AdapterRole.Difference, "weight", shapes, differences);
            shape = null;
            if (!Has(LowRank) && !Has(Hadamard) && !Has(Kronecker))
            {
                return;
            }
        }

        AdapterRole[][] kinds = [LowRank, Hadamard, Kronecker, [AdapterRole.Difference]];
        switch (kinds.Count(Has))
        {
            case 0 when Alpha is null:
                return;
            case > 1:
                problems.Add("a weight is changed in one way", $"{module} has {Names()}");
                return;
        }

        if (shape is not { Count: >= 2 })
        {
            problems.Add("the transformer has no such linear", Unknown(module, shapes, "weight"));
            return;
        }

        long[] size = Flat(shape);
        Func<LinearUpdate>? update = Has(Hadamard) ? ReadHadamard(size) : Has(Kronecker) ? ReadKronecker(size)
            : parts.TryGetValue(AdapterRole.Difference, out SafetensorInfo? whole) ? ReadWhole(whole, size)
            : ReadLowRank(size);
        if (update is not null)
        {
            updates.Add(module, update);
        }
    }

    private Func<LinearUpdate>? ReadLowRank(long[] size)
    {
        if (!parts.TryGetValue(AdapterRole.Down, out SafetensorInfo? down) || !parts.TryGetValue(AdapterRole.Up, out SafetensorInfo? up))
        {
            return Incomplete("Down and Up are needed");
        }

        if (Matrix(down) is not [var rank, var columns] || Matrix(up) is not [var rows, var inner] || rows != size[0] || columns != size[1]
            || inner != rank)
        {
            return Misfit(size, up, down);
        }

        double factor = FactorOf(rank, Alpha);
        if (!parts.TryGetValue(AdapterRole.Magnitude, out SafetensorInfo? magnitude))
        {
            return () => new LowRankUpdate(load(down, false), load(up, false), factor);
        }

        long[]? kept = magnitude.Shape switch
        {
            [var length] when length == size[0] => [length, 1],
            [var length, 1] when length == size[0] => [length, 1],
            [1, var length] when length == size[1] => [1, length],
            _ => null,
        };
        return kept is null
            ? Misfit(size, magnitude)
            : () =>
            {
                using Tensor loaded = load(magnitude, true);
                using Tensor shaped = loaded.reshape(kept);
                return new MagnitudeUpdate(
                    new LowRankUpdate(load(down, true), load(up, true), factor), shaped.clone().DetachFromDisposeScope());
            };
    }

    private Func<LinearUpdate>? ReadHadamard(long[] size)
    {
        SafetensorInfo[] factors = [.. Hadamard.Where(parts.ContainsKey).Select(role => parts[role])];
        if (factors.Length < 4)
        {
            return Incomplete("all four factors of LoHa are needed");
        }

        long rank = factors[1].Shape.Count == 2 ? factors[1].Shape[0] : -1;
        bool fits = factors.Select((factor, index) => index % 2 == 0
            ? factor.Shape is [var rows, var inner] && rows == size[0] && (inner == rank || index == 2)
            : factor.Shape is [_, var columns] && columns == size[1]).All(isRight => isRight) && factors[2].Shape[1] == factors[3].Shape[0];
        if (!fits)
        {
            return Misfit(size, factors);
        }

        double scale = FactorOf(rank, Alpha);
        return () => new HadamardUpdate(load(factors[0], true), load(factors[1], true), load(factors[2], true), load(factors[3], true), scale);
    }

    private Func<LinearUpdate>? ReadKronecker(long[] size)
    {
        SafetensorInfo[]? first = Factors(AdapterRole.KroneckerFirst, AdapterRole.KroneckerFirstA, AdapterRole.KroneckerFirstB);
        SafetensorInfo[]? second = Factors(AdapterRole.KroneckerSecond, AdapterRole.KroneckerSecondA, AdapterRole.KroneckerSecondB);
        if (first is null || second is null)
        {
            return Incomplete("each factor of LoKr is needed whole or in two parts");
        }

        if (Size(first) is not [var p, var q] || Size(second) is not [var r, var s] || p * r != size[0] || q * s != size[1])
        {
            return Misfit(size, [.. first, .. second]);
        }

        // Alpha means nothing where both factors are whole; LyCORIS writes any number then.
        double factor = second.Length == 2 ? FactorOf(second[1].Shape[0], Alpha) : first.Length == 2 ? FactorOf(first[1].Shape[0], Alpha) : 1;
        return () => new KroneckerUpdate([.. first.Select(part => load(part, true))], [.. second.Select(part => load(part, true))], factor);
    }

    private Func<LinearUpdate>? ReadWhole(SafetensorInfo whole, long[] size) =>
        whole.Shape.Count >= 2 && whole.Shape[0] == size[0] && whole.ElementCount == size[0] * size[1]
            ? () => new WeightDifference(load(whole, false))
            : Misfit(size, whole);

    private void ReadDifference(
        AdapterRole role, string ending, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, Dictionary<string, Func<Tensor>> differences)
    {
        if (!parts.TryGetValue(role, out SafetensorInfo? info))
        {
            return;
        }

        if (!shapes.TryGetValue($"{module}.{ending}", out IReadOnlyList<long>? shape))
        {
            problems.Add("the transformer has no such weight", Unknown(module, shapes, ending));
        }
        else if (!info.Shape.SequenceEqual(shape))
        {
            problems.Add(
                "a difference has another shape than its weight",
                $"{module}.{ending} is [{string.Join(", ", shape)}], '{info.Name}' [{string.Join(", ", info.Shape)}]");
        }
        else
        {
            differences.Add($"{module}.{ending}", () => load(info, true));
        }
    }

    private static string Unknown(string module, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, string ending)
    {
        string end = ending == "weight" ? "" : $".{ending}";
        IEnumerable<string> known = shapes.Keys.Where(name => name.EndsWith($".{ending}", StringComparison.Ordinal))
            .Select(name => name[..^(ending.Length + 1)]);
        return NearestName.Of(module, known) is { } nearest ? $"'{module}{end}' (nearest: '{nearest}{end}')" : $"'{module}{end}'";
    }

    private bool Has(AdapterRole[] roles) => Array.Exists(roles, parts.ContainsKey);

    private string Names() => string.Join(" and ", parts.Keys);

    private SafetensorInfo[]? Factors(AdapterRole whole, AdapterRole a, AdapterRole b) => (
        parts.GetValueOrDefault(whole), parts.GetValueOrDefault(a), parts.GetValueOrDefault(b)) switch
    {
        ({ } one, null, null) => [one],
        (null, { } left, { } right) => [left, right],
        _ => null,
    };

    private static long[]? Size(SafetensorInfo[] factors) => factors switch
    {
        [{ Shape: [var rows, var columns] }] => [rows, columns],
        [{ Shape: [var rows, var inner] }, { Shape: [var rank, var columns] }] when inner == rank => [rows, columns],
        _ => null,
    };

    // Parts of convolutions, too, as they are flattened when loaded.
    private static long[]? Matrix(SafetensorInfo info) =>
        info.Shape.Count >= 2 ? Flat(info.Shape) : null;

    private static long[] Flat(IReadOnlyList<long> shape) => [shape[0], shape.Skip(1).Aggregate(1L, (product, length) => product * length)];

    private Func<LinearUpdate>? Incomplete(string needed)
    {
        problems.Add(needed, $"{module} has {Names()} only");
        return null;
    }

    private Func<LinearUpdate>? Misfit(long[] size, params SafetensorInfo[] factors)
    {
        string update = string.Join(" · ", factors.Select(factor => $"[{string.Join(", ", factor.Shape)}]"));
        problems.Add("an update does not fit its linear", $"{module} is [{size[0]}, {size[1]}], its update {update}");
        return null;
    }
}
