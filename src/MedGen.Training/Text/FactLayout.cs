using MedGen.Training.Clips;

namespace MedGen.Training.Text;

/// <summary>Where the values of each fact stand among the outputs of a linear layer. Facts with a single value are left out.</summary>
internal sealed class FactLayout
{
    /// <summary>Answer where nothing is known; takes no part in the loss.</summary>
    public const long Unknown = -100;

    private readonly Dictionary<string, int> _indices;
    private readonly Dictionary<ClipFact, int> _values;

    private FactLayout(IReadOnlyList<Fact> facts, Dictionary<ClipFact, int> values) => (Facts, _indices, _values) = (
        facts, facts.Select((fact, index) => (fact.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal), values);

    /// <summary>The facts, by name.</summary>
    public IReadOnlyList<Fact> Facts { get; }

    /// <summary>Outputs in all.</summary>
    public int Outputs => Facts.Sum(fact => fact.Values);

    /// <summary>The layout for what is known of clips.</summary>
    public static FactLayout Of(IReadOnlyCollection<TrainingClip> clips)
    {
        List<Fact> facts = [];
        Dictionary<ClipFact, int> values = [];
        int first = 0;
        foreach (IGrouping<string, ClipFact> fact in clips.SelectMany(clip => clip.Facts).GroupBy(fact => fact.Name).OrderBy(
            fact => fact.Key, StringComparer.Ordinal))
        {
            ClipFact[] distinct = [.. fact.Distinct().OrderBy(value => value.Value, StringComparer.Ordinal)];
            if (distinct.Length > 1)
            {
                facts.Add(new Fact(fact.Key, first, distinct.Length, IsCommon: fact.Count() > clips.Count / 2));
                first += distinct.Length;
                for (int i = 0; i < distinct.Length; i++)
                {
                    values.Add(distinct[i], i);
                }
            }
        }

        return new FactLayout(facts, values);
    }

    /// <summary>Index of the value of each fact of a clip.</summary>
    public long[] AnswersOf(TrainingClip clip)
    {
        long[] answers = new long[Facts.Count];
        Array.Fill(answers, Unknown);
        foreach (ClipFact fact in clip.Facts)
        {
            if (_values.TryGetValue(fact, out int value))
            {
                answers[_indices[fact.Name]] = value;
            }
        }

        return answers;
    }

    /// <summary>A fact.</summary>
    /// <param name="Name">Name.</param>
    /// <param name="First">First of its outputs.</param>
    /// <param name="Values">How many values it may have.</param>
    /// <param name="IsCommon">Whether it is known of more than half of the clips.</param>
    internal readonly record struct Fact(string Name, int First, int Values, bool IsCommon);
}
