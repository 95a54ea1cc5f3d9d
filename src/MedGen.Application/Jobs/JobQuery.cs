using System.ComponentModel.DataAnnotations;
using MedGen.Application.Access;
using MedGen.Application.Validation;

namespace MedGen.Application.Jobs;

/// <summary>Which jobs are meant, and which page of them.</summary>
public record JobQuery
{
    /// <summary>Only jobs in this state; null: any.</summary>
    [EnumDataType(typeof(JobState))]
    public JobState? State { get; init; }

    /// <summary>Only jobs of this kind; null: any.</summary>
    [EnumDataType(typeof(JobKind))]
    public JobKind? Kind { get; init; }

    /// <summary>Only jobs of this caller; null: of anybody.</summary>
    [PlainName]
    public string? Owner { get; init; }

    /// <summary>Only what this caller may see; null: all. The handler sets it.</summary>
    public ItemView? View { get; init; }

    /// <summary>Largest number of jobs in the page, 1 to 500.</summary>
    [Range(1, 500)]
    public int PageSize { get; init; } = 50;

    /// <summary>Whether the oldest come first.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>Only jobs that come after this one, by its id, in the order asked for; null: from the first. Not beside a page token.</summary>
    [Identifier]
    public string? AfterJob { get; init; }

    /// <summary><see cref="JobPage.NextPageToken"/> of the page before; null: the first page.</summary>
    public string? PageToken { get; init; }
}
