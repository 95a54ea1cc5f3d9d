namespace MediatR;

/// <summary>Marks a request of any kind, so that constraints can name them all.</summary>
public interface IBaseRequest
{
}
