namespace MediatR;

/// <summary>A request without a response.</summary>
public interface IRequest : IBaseRequest
{
}
