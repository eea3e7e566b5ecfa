using CsCheck;

namespace Switchyard.Core.Gauges;

public sealed class KernelTextTests
{
    private const string MemInfo = "MemTotal:       24683656 kB\nMemFree:        24175964 kB\nHugePages_Total:       2\nMemAvailable:   24278072 kB\n";

    [Theory]
    [InlineData(MemInfo, "MemTotal", 24683656L * 1024)]
    [InlineData(MemInfo, "MemAvailable", 24278072L * 1024)]
    [InlineData(MemInfo, "HugePages_Total", 2L)]
    [InlineData("total_active_file 1\nactive_file 4096\n", "active_file", 4096L)]
    [InlineData("active_file\t7", "active_file", 7L)]
    [InlineData("a: 9223372036854775807", "a", long.MaxValue)]
    public void A_key_s_number_is_found_in_bytes(string text, string key, long expected) =>
        Assert.Equal(expected, KernelText.FindNumber(text, key));

    [Theory]
    [InlineData(MemInfo, "Mem")]
    [InlineData(MemInfo, "Buffers")]
    [InlineData(null, "a")]
    [InlineData("", "a")]
    [InlineData("a", "a")]
    [InlineData("a:", "a")]
    [InlineData("a: kB", "a")]
    [InlineData("a: -1 kB", "a")]
    [InlineData("a: 9223372036854775807 kB", "a")]
    [InlineData("a: 9223372036854775808", "a")]
    [InlineData("a: x", "a")]
    public void What_is_not_there_or_no_number_is_none(string? text, string key) => Assert.Null(KernelText.FindNumber(text, key));

    [Theory]
    [InlineData("4096\n", 4096L)]
    [InlineData("0", 0L)]
    [InlineData("max\n", null)]
    [InlineData("", null)]
    [InlineData("-1", null)]
    [InlineData("18446744073709551615", null)]
    public void A_file_of_one_number_holds_it_or_no_limit(string text, long? expected) => Assert.Equal(expected, KernelText.ParseNumber(text));

    [Fact]
    public void Any_text_is_read_without_a_fault() =>
        Gen.Select(Gen.String[Gen.Char["ak: \t\n0129-"], 0, 60], Gen.String[Gen.Char["ak"], 1, 2]).Sample((text, key) =>
        {
            long? number = KernelText.FindNumber(text, key);
            Assert.True(number is null or >= 0);
        });
}
