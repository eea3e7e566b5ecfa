using Xunit;

namespace Switchyard.Tests;

public sealed class EngineInternalsTests
{
    [Fact]
    public void This_engine_has_every_member_that_is_reached_by_reflection() => Assert.Empty(EngineInternals.Missing);
}
