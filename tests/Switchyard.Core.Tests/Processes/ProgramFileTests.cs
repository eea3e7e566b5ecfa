using System.Text;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

public sealed class ProgramFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchyard-test-");

    public ProgramFileTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows knows no first line.");

    [Theory]
    [InlineData("#!/bin/sh\necho")]
    [InlineData("#! /bin/sh -e \necho")]
    [InlineData("#!/bin/sh")]
    [InlineData("#!/usr/bin/env sh\n")]
    [InlineData("#!/usr/bin/env -S sh -e\n")]
    [InlineData("#!/usr/bin/env -i sh\n")]
    [InlineData("#!\n")]
    [InlineData("echo\r\n")]
    [InlineData("")]
    [InlineData("#!/usr/bin/env sh -e\n", true)]
    [InlineData("#!/usr/bin/env sh# no part of it\n", true)]
    [InlineData("#!/usr/bin/env -S sh -e\n", true)]
    public void What_can_be_run_has_no_fault(string text, bool isSplit = false) =>
        Assert.Null(Write(text, isSplit).FindFault("/bin:/usr/bin"));

    [Theory]
    [InlineData("#!/no/such\n", "'/no/such'")]
    [InlineData("#!/no/such -x", "'/no/such'")]
    [InlineData("#!/etc\n", "'/etc'")]
    [InlineData("#!/etc/passwd\n", "'/etc/passwd'")]
    [InlineData("#!no-such\n", "'no-such'")]
    [InlineData("#!/usr/bin/env no-such\n", "'no-such'")]
    [InlineData("#!/usr/bin/env -S no-such -x\n", "'no-such'")]
    [InlineData("#!/usr/bin/env sh -e\n", "'sh -e'")]
    [InlineData("#!/bin/sh\r\necho\r\n", "line ends of Windows")]
    [InlineData("#!/bin/sh -e\r\necho\r\n", "line ends of Windows")]
    [InlineData("#!/usr/bin/env sh\r\necho\r\n", "line ends of Windows")]
    [InlineData("#!/no/such\r\n", "line ends of Windows")]
    [InlineData("#!/usr/bin/env sh# no part of it\n", "'sh# no part of it'")]
    [InlineData("#!/usr/bin/env no-such -e\n", "'no-such'", true)]
    [InlineData("#!/bin/sh -e\r\necho\r\n", "line ends of Windows", true)]
    public void An_interpreter_that_is_not_there_is_named(string text, string expected, bool isSplit = false) =>
        Assert.Contains(expected, Write(text, isSplit).FindFault("/bin:/usr/bin"), StringComparison.Ordinal);

    [Fact]
    public void Env_looks_on_the_path_that_the_script_will_have()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        ProgramFile file = Write("#!/usr/bin/env own\n");
        Assert.NotNull(file.FindFault("/bin"));
        string own = Path.Combine(_folder.FullName, "own");
        File.WriteAllText(own, string.Empty);
        Assert.NotNull(file.FindFault(_folder.FullName));
        File.SetUnixFileMode(own, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Null(file.FindFault("/bin:" + _folder.FullName));
        Assert.Null(file.FindFault("."));
    }

    [Fact]
    public void What_the_system_refused_is_explained_by_what_the_file_is()
    {
        ProgramFile binary = Write("\x7F" + "ELF\0\0");
        Assert.True(binary.IsBinary);
        Assert.Contains("another kind of processor", binary.Explain(UnixCalls.NotExecutable, "usual"), StringComparison.Ordinal);
        Assert.Contains("loader", binary.Explain(UnixCalls.NoSuchEntry, "usual"), StringComparison.Ordinal);
        ProgramFile text = Write("echo\n");
        Assert.False(text.IsBinary);
        Assert.Contains("chmod +x", text.Explain(UnixCalls.NotPermitted, "usual"), StringComparison.Ordinal);
        Assert.Equal("usual", text.Explain(UnixCalls.NoSuchEntry, "usual"));
        Assert.Contains("'/no/such'", Write("#!/no/such\n").Explain(UnixCalls.NoSuchEntry, "usual"), StringComparison.Ordinal);
        Assert.Contains("'/no/folder'", new ProgramFile("/bin/sh", "/no/folder").Explain(UnixCalls.NoSuchEntry, "usual"), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ProgramFile Write(string text, bool isSplit = false)
    {
        string path = Path.Combine(_folder.FullName, "script");
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return new ProgramFile(path, _folder.FullName, isSplit);
    }
}
