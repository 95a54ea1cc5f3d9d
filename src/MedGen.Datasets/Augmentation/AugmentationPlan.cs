using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MedGen.Datasets.Reading;
using MedGen.Sdk.Errors;
using MedGen.Datasets.Clips;

namespace MedGen.Datasets.Augmentation;

/// <summary>
/// Which clips are tried, in which order. Each is a function of the specification, the class and its number alone, so that a run that goes on makes
/// what it would have made.
/// </summary>
internal sealed class AugmentationPlan
{
    private readonly AugmentationSpec _spec;
    private readonly Dictionary<string, DecodedClip[]> _sources;
    private readonly IReadOnlyList<DecodedClip> _training;

    /// <param name="spec">The specification.</param>
    /// <param name="training">Training clips.</param>
    /// <exception cref="InvalidInputException">A class of the specification is not in the training clips, or nothing is to be made.</exception>
    public AugmentationPlan(AugmentationSpec spec, IReadOnlyList<DecodedClip> training)
    {
        (_spec, _training) = (spec, training);
        _sources = training.SelectMany(clip => spec.Labels.ClassesOf(clip.Item).Select(name => (name, clip))).GroupBy(pair => pair.name)
            .ToDictionary(
                group => group.Key, group => group.Select(pair => pair.clip)
                    .OrderBy(clip => PatientSplit.Fraction($"{spec.Seed} {clip.Item.FileName}")).ToArray());
        foreach (string name in spec.Balance.Classes.Keys.Where(name => !_sources.ContainsKey(name)))
        {
            throw new InvalidInputException(
                $"balance.classes.{name}",
                $"there is no training clip of this class; the classes are {string.Join(", ", _sources.Keys.Order(StringComparer.Ordinal))}.");
        }

        int largest = _sources.Values.Max(clips => clips.Length);
        HashSet<string> slugs = [];
        Targets =
        [
            .. from name in _sources.Keys
               let real = _sources[name].Length
               orderby real, name
               select new ClassTarget(name, Slug(name, slugs), real, Wanted(name, real, largest)),
        ];
        if (Targets.All(target => target.Wanted == 0))
        {
            throw new InvalidInputException(
                "balance",
                $"no clip is to be made: the classes have {string.Join(", ", Targets.Select(target => $"{target.Name} {target.Real}"))} training "
                    + "clips already. Ask for more by per_class, add_per_class or ratio.");
        }
    }

    /// <summary>The classes, rare ones first.</summary>
    public IReadOnlyList<ClassTarget> Targets { get; }

    /// <summary>Training clips of a class.</summary>
    public IReadOnlyList<DecodedClip> SourcesOf(ClassTarget target) => _sources[target.Name];

    /// <summary>The next clips to try: as many for each class as it still lacks, within the limit of attempts. Empty: done.</summary>
    /// <param name="state">Clips tried and kept so far, by class.</param>
    public IReadOnlyList<PlannedClip> Next(Func<ClassTarget, (int Tried, int Kept)> state)
    {
        List<PlannedClip> round = [];
        foreach (ClassTarget target in Targets)
        {
            (int tried, int kept) = state(target);
            int most = Math.Min(target.Wanted - kept, (target.Wanted * _spec.MaxAttempts) - tried);
            round.AddRange(Enumerable.Range(tried, Math.Max(0, most)).Select(number => Plan(target, number)));
        }

        return round;
    }

    private PlannedClip Plan(ClassTarget target, int number)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{_spec.Seed}\n{target.Name}\n{number}"));
        long seed = BinaryPrimitives.ReadInt64BigEndian(hash) & long.MaxValue;
        DecodedClip[] own = _sources[target.Name];
        DecodedClip source = own[number % own.Length];
        DecodedClip[] others = [.. _training.Where(clip => !ReferenceEquals(clip, source))];
        DecodedClip? partner = others.Length == 0 ? null : others[BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(8)) % (uint)others.Length];
        return new PlannedClip(
            string.Create(CultureInfo.InvariantCulture, $"{target.Slug}-{number + 1:000000}"), target, MethodOf(number), source, partner, seed);
    }

    // The method that is furthest behind its share: exact shares for any number of clips, without a draw.
    private int MethodOf(int number)
    {
        double all = _spec.Methods.Sum(method => method.Weight);
        int[] used = new int[_spec.Methods.Count];
        int chosen = 0;
        for (int i = 0; i <= number; i++)
        {
            chosen = Enumerable.Range(0, used.Length).MaxBy(m => ((i + 1) * _spec.Methods[m].Weight / all) - used[m]);
            used[chosen]++;
        }

        return chosen;
    }

    private int Wanted(string name, int real, int largest)
    {
        BalanceSpec balance = _spec.Balance;
        return balance.Classes.TryGetValue(name, out int target) ? Math.Max(0, target - real)
            : balance.AddPerClass is { } add ? add
            : balance.Ratio is { } ratio ? (int)Math.Ceiling((real * ratio) - 1e-9)
            : Math.Max(0, (balance.PerClass ?? largest) - real);
    }

    private static string Slug(string name, HashSet<string> taken)
    {
        string plain = string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        string slug = plain.Length == 0 ? "class" : plain[..Math.Min(40, plain.Length)];
        string unique = slug;
        for (int i = 2; !taken.Add(unique); i++)
        {
            unique = $"{slug}-{i}";
        }

        return unique;
    }
}
