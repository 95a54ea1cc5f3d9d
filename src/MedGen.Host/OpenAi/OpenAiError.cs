using System.Text.Json.Nodes;
using Google.Rpc;
using MedGen.Host.Http;

namespace MedGen.Host.OpenAi;

/// <summary>
/// Errors as clients of OpenAI's calls read them: <c>{"error": {"message", "type", "param", "code"}}</c>, and beside these <c>violations</c>, where
/// several fields are wrong.
/// </summary>
internal static class OpenAiError
{
    public static readonly ErrorForm Form = new(ToResult);

    private static IResult ToResult(ErrorParts error, int httpStatus)
    {
        JsonObject body = new()
        {
            ["message"] = error.Message,
            ["type"] = error.Code switch
            {
                Code.ResourceExhausted => "rate_limit_error",
                Code.Internal or Code.Unknown or Code.DataLoss or Code.Unavailable or Code.DeadlineExceeded => "server_error",
                _ => "invalid_request_error",
            },
            ["param"] = error.Violations is { Count: > 0 } violations ? violations[0].Field : error.Missing == "model" ? "model" : null,
            ["code"] = error switch
            {
                { Code: Code.Unauthenticated } => "invalid_api_key",
                { Missing: "job" } => "video_not_found",
                { Missing: { } thing } => $"{thing}_not_found",
                _ => error.Reason?.ToLowerInvariant(),
            },
        };
        if (error.Violations is { Count: > 0 } all)
        {
            body["violations"] = new JsonArray(
                [.. all.Select(one => new JsonObject { ["field"] = one.Field, ["description"] = one.Description })]);
        }

        return Results.Text(new JsonObject { ["error"] = body }.ToJsonString(), "application/json", statusCode: httpStatus);
    }
}
