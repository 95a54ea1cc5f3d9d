using System.Text.RegularExpressions;

namespace MedGen.Cluster.S3;

/// <summary>A bucket, and where in it.</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Prefix">What all keys begin with: empty, or with a slash at its end.</param>
internal sealed partial record S3Place(string Bucket, string Prefix)
{
    /// <summary>Reads <c>s3://BUCKET</c> or <c>s3://BUCKET/PREFIX</c>.</summary>
    /// <returns>The place; null: it is another text.</returns>
    public static S3Place? TryParse(string text) => Form().Match(text) is { Success: true } match
        ? new S3Place(match.Groups[1].Value, match.Groups[2].Length == 0 ? "" : match.Groups[2].Value + "/")
        : null;

    public string KeyOf(string artifactId) => Prefix + artifactId;

    public override string ToString() => $"s3://{Bucket}{(Prefix.Length == 0 ? "" : "/" + Prefix.TrimEnd('/'))}";

    [GeneratedRegex("^s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*))?/?$")]
    private static partial Regex Form();
}
