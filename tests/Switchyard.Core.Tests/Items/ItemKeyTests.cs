using System.Text;
using CsCheck;

namespace Switchyard.Core.Items;

public sealed class ItemKeyTests
{
    [Fact]
    public void A_keys_text_is_read_back() =>
        Gen.Byte.Array[0, 64].Sample(content =>
        {
            ItemKey key = ItemKey.Of(content);
            return ItemKey.TryParse(Encoding.UTF8.GetBytes(key.ToString()), out ItemKey read) && read == key;
        });

    [Fact]
    public void Contents_that_differ_have_keys_that_differ() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Byte.Array[0, 40]).Sample((one, other) =>
            one.AsSpan().SequenceEqual(other) == (ItemKey.Of(one) == ItemKey.Of(other)));

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdefg")]
    [InlineData("0123456789abcdef00123456789abcdef")]
    [InlineData("g123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdefg123456789abcdef")]
    public void What_is_no_key_is_not_taken_for_one(string text) => Assert.False(ItemKey.TryParse(Encoding.UTF8.GetBytes(text), out _));

    // The figures are part of the format: other versions must find the same.
    [Theory]
    [InlineData("", "00000000000000000000000000000000")]
    [InlineData("a.txt", "05612e74787400000000000000000000")]
    [InlineData("0123456789abcde", "0f303132333435363738396162636465")]
    [InlineData("0123456789abcdef", "ff9f9f5111f7b27a781f1f1ddde5ebc2")]
    public void A_key_is_the_same_on_any_day(string content, string expected) =>
        Assert.Equal(expected, ItemKey.Of(Encoding.UTF8.GetBytes(content)).ToString());
}
