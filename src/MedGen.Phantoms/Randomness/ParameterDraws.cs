using System.Globalization;
using MedGen.Sdk.Errors;

namespace MedGen.Phantoms.Randomness;

/// <summary>
/// The parameters of one clip: each is what the caller fixed, or else drawn from the seed and the parameter's own name, so that fixing one leaves
/// all others as they were. Every value used is recorded for the ground truth.
/// </summary>
internal sealed class ParameterDraws
{
    private readonly IPhantom _phantom;
    private readonly PhantomRequest _request;
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Checks the request. Every simulator starts with this.</summary>
    /// <param name="phantom">The simulator whose parameters are drawn.</param>
    /// <param name="request">What was asked for.</param>
    /// <exception cref="InvalidInputException">A size, a length or a parameter is out of range or unknown; all violations are listed.</exception>
    public ParameterDraws(IPhantom phantom, PhantomRequest request)
    {
        RequestValidation.Check(phantom, request);
        _phantom = phantom;
        _request = request;
    }

    /// <summary>A number, uniform over the parameter's whole range unless fixed.</summary>
    public double Number(string name) => Number(name, Find(name).Minimum, Find(name).Maximum);

    /// <summary>A number, drawn uniformly from [low, high] (cut to the parameter's range) unless fixed.</summary>
    public double Number(string name, double low, double high)
    {
        PhantomParameter parameter = Find(name);
        if (_request.Parameters.TryGetValue(name, out string? text))
        {
            double value = double.Parse(text, CultureInfo.InvariantCulture);
            Record(name, value);
            return value;
        }

        double drawn = Math.Clamp(Stream(name).Range(low, high), parameter.Minimum, parameter.Maximum);
        drawn = parameter.IsInteger ? Math.Round(drawn) : Short(drawn, parameter);
        Record(name, drawn);
        return drawn;
    }

    /// <summary>A whole number, each of the parameter's range as likely unless fixed.</summary>
    public int Integer(string name) => Integer(name, (int)Find(name).Minimum, (int)Find(name).Maximum);

    /// <summary>A whole number, each from low to high inclusive as likely unless fixed.</summary>
    public int Integer(string name, int low, int high) => (int)Number(name, low - 0.49999, high + 0.49999);

    /// <summary>One of the parameter's words, each as likely unless fixed.</summary>
    public string Word(string name)
    {
        PhantomParameter parameter = Find(name);
        string word = _request.Parameters.TryGetValue(name, out string? text) ? text : Stream(name).Pick(parameter.Words);
        Record(name, word);
        return word;
    }

    /// <summary>One of the parameter's words with the given weights (one per word, in the order of the words) unless fixed.</summary>
    public string Word(string name, params ReadOnlySpan<double> weights)
    {
        PhantomParameter parameter = Find(name);
        if (weights.Length != parameter.Words.Count)
        {
            throw new ArgumentException($"{parameter.Words.Count} weights are needed, got {weights.Length}.", nameof(weights));
        }

        if (_request.Parameters.ContainsKey(name))
        {
            return Word(name);
        }

        double sum = 0;
        foreach (double weight in weights)
        {
            sum += weight;
        }

        double at = Stream(name).NextDouble() * sum;
        int index = 0;
        while (index < weights.Length - 1 && at >= weights[index])
        {
            at -= weights[index++];
        }

        Record(name, parameter.Words[index]);
        return parameter.Words[index];
    }

    /// <summary>Records what follows from the parameters.</summary>
    public void Record(string name, string value) => _values[name] = value;

    /// <inheritdoc cref="Record(string, string)"/>
    public void Record(string name, double value) => _values[name] = value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A generator for everything about the clip that is no parameter; independent of all others.</summary>
    public Random Stream(string purpose, int index = 0) => Streams.Create(_request.Seed, purpose, index);

    /// <summary>A seed for a field, independent of all others.</summary>
    public int Seed(string purpose, int index = 0) => Streams.Seed(_request.Seed, purpose, index);

    /// <summary>The ground truth with everything recorded.</summary>
    /// <param name="anatomy">What is shown, in plain words.</param>
    /// <param name="label">One of the kind's labels.</param>
    /// <exception cref="InvalidOperationException">A parameter was never drawn, or the label is not one of the kind's: a mistake in the
    /// simulator.</exception>
    public PhantomTruth Truth(string anatomy, string label)
    {
        if (_phantom.Parameters.FirstOrDefault(p => !_values.ContainsKey(p.Name)) is { } forgotten)
        {
            throw new InvalidOperationException($"{_phantom.Kind} never used its parameter '{forgotten.Name}'.");
        }

        return _phantom.Labels.Contains(label)
            ? new PhantomTruth { Modality = _phantom.Modality, Anatomy = anatomy, Label = label, Values = _values }
            : throw new InvalidOperationException($"'{label}' is no label of {_phantom.Kind}.");
    }

    // Drawn numbers are cut to a thousandth of their range, so that truth files stay legible and the text is the very value used.
    private static double Short(double value, PhantomParameter parameter)
    {
        int digits = Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Max(parameter.Maximum - parameter.Minimum, 1e-9))), 0, 12);
        return Math.Clamp(Math.Round(value, digits), parameter.Minimum, parameter.Maximum);
    }

    private PhantomParameter Find(string name) =>
        _phantom.Parameters.FirstOrDefault(p => p.Name == name)
        ?? throw new InvalidOperationException($"{_phantom.Kind} declares no parameter '{name}'.");
}
