using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports.Commands;

public sealed class LossRulesTests
{
    [Theory]
    [InlineData(0, false, false, true, true)]
    [InlineData(1, false, false, true, false)]
    [InlineData(3, false, false, false, false)]
    [InlineData(126, false, false, true, false)]
    [InlineData(134, false, false, false, false)]
    [InlineData(137, false, true, true, true)]
    [InlineData(139, false, false, false, false)]
    [InlineData(143, false, true, true, true)]
    [InlineData(255, false, true, true, false)]
    public void What_others_return_actualtold_from_what_a_worker_does(int exitCode, bool ofProcess, bool ofSsh, bool ofCommand, bool ofSlurm)
    {
        ExitReason reason = new(exitCode);
        Assert.Equal(
            (ofProcess, ofSsh, ofCommand, ofSlurm),
            (LossRules.OfProcess(reason, []), LossRules.OfSsh(reason, []), LossRules.OfCommand(reason, []), LossRules.OfSlurm(reason, [])));
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(15, true)]
    [InlineData(6, false)]
    [InlineData(11, false)]
    public void A_signal_that_comes_from_outside_actualtold_from_one_of_its_own(int signal, bool isLoss)
    {
        ExitReason reason = ExitReason.FromSignal(signal, null);
        Assert.All([LossRules.OfProcess(reason, []), LossRules.OfSsh(reason, []), LossRules.OfCommand(reason, []), LossRules.OfSlurm(reason, [])], actual => Assert.Equal(isLoss, actual));
    }

    [Theory]
    [InlineData(255, "", true)]
    [InlineData(255, "Connection closed by 10.0.0.7 port 22", false)]
    [InlineData(255, "kex_exchange_identification: Connection closed by remote host", true)]
    [InlineData(255, "root@node1: Permission denied (publickey).", false)]
    [InlineData(137, "bash: line 1: 4711 Killed  pwsh", true)]
    public void Who_was_cut_off_may_be_back(int exitCode, string said, bool expected) =>
        Assert.Equal(expected, LossRules.WasCutOff(new ExitReason(exitCode), said.Length > 0 ? [said] : []));

    [Fact]
    public void A_runtime_that_gave_up_was_not_lost()
    {
        Assert.False(LossRules.OfSsh(new ExitReason(255), ["Process terminated. enough", "   at Program.Main()"]));
        Assert.True(LossRules.OfSsh(new ExitReason(255), ["Connection to node1 closed by remote host."]));
    }
}
