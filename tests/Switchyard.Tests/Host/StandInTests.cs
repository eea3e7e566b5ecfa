using Xunit;

namespace Switchyard.Tests.Host;

public sealed class StandInTests(StandInTable table) : IClassFixture<StandInTable>
{
    public static TheoryData<string, string> Cases => StandInCases.All;

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_stand_in_does_what_the_real_command_does(string script, string expected) => Assert.Equal(expected, table[script]);
}
