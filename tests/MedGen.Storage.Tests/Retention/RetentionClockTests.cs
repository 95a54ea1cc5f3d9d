using MedGen.Application.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace MedGen.Storage.Tests.Retention;

public sealed class RetentionClockTests : IDisposable
{
    private readonly StorageFixture _storage = new();

    public void Dispose() => _storage.Dispose();

    [Fact]
    public async Task IsTrustedAsync_TimePasses_IsTrue()
    {
        (await IsTrustedAsync()).ShouldBeTrue();
        _storage.Time.Advance(TimeSpan.FromDays(31));
        (await IsTrustedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task IsTrustedAsync_ClockSetForwardWhileTheHostRuns_IsFalseForADay()
    {
        await IsTrustedAsync();

        _storage.Time.Set(TimeSpan.FromDays(31));

        (await IsTrustedAsync()).ShouldBeFalse();
        _storage.Time.Advance(TimeSpan.FromHours(23));
        (await IsTrustedAsync()).ShouldBeFalse();
        _storage.Time.Advance(TimeSpan.FromHours(1));
        (await IsTrustedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task IsTrustedAsync_ClockSetForwardBetweenTwoHosts_IsFalseUntilItIsSetBack()
    {
        await IsTrustedAsync();
        _storage.Time.Set(TimeSpan.FromDays(31));
        _storage.Reopen();
        (await IsTrustedAsync()).ShouldBeFalse();
        _storage.Reopen();
        (await IsTrustedAsync()).ShouldBeFalse();

        _storage.Time.Set(TimeSpan.FromDays(-31));

        (await IsTrustedAsync()).ShouldBeTrue();
    }

    private Task<bool> IsTrustedAsync() =>
        _storage.Services.GetRequiredService<IRetentionClock>().IsTrustedAsync(TestContext.Current.CancellationToken);
}
