using System.Runtime.CompilerServices;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;
using MedGen.Abstractions.Errors;
using MediatR;

namespace MedGen.Application.Behaviors;

/// <summary>Second: says everything that is wrong with a message at once, field by field, as the caller spells the fields.</summary>
internal sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>, IStreamPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        await ValidateAsync(request, cancellationToken);
        return await next(cancellationToken);
    }

    public async IAsyncEnumerable<TResponse> Handle(
        TRequest request, StreamHandlerDelegate<TResponse> next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValidateAsync(request, cancellationToken);
        await foreach (TResponse item in next().WithCancellation(cancellationToken))
        {
            yield return item;
        }
    }

    private async Task ValidateAsync(TRequest request, CancellationToken cancellationToken)
    {
        List<FieldViolation> violations = [];
        foreach (IValidator<TRequest> validator in validators)
        {
            ValidationResult result = await validator.ValidateAsync(request, cancellationToken);
            violations.AddRange(result.Errors.Select(error => new FieldViolation(ToFieldPath(error.PropertyName), error.ErrorMessage)));
        }

        if (violations.Count > 0)
        {
            throw new InvalidInputException(violations);
        }
    }

    private static string ToFieldPath(string propertyPath) =>
        string.Join('.', propertyPath.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}
