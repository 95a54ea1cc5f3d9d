namespace MediatR;

/// <summary>A message to any number of handlers.</summary>
public interface INotification
{
}
