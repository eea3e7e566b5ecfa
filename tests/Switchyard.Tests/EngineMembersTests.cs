using Switchyard.Engine;
using Xunit;

namespace Switchyard.Tests;

public sealed class EngineMembersTests
{
    [Fact]
    public void This_engine_has_every_member_that_is_reached_by_reflection() => Assert.Empty(EngineMembers.Missing);

    [Fact]
    public void This_engine_lets_an_items_scope_be_used_again() => Assert.True(ReusedScope.IsAvailable);
}
