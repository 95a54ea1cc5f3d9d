using System.ComponentModel.DataAnnotations;

namespace MedGen.Application.Access.Sharing;

/// <summary>The name of something that can be shared.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SharedItemAttribute() : RegularExpressionAttribute("(job|artifact):[0-9A-Za-z._-]{1,128}")
{
    public override string FormatErrorMessage(string name) => "job:ID or artifact:ID";
}
