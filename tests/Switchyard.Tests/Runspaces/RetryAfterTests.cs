using System.Management.Automation;
using System.Net;
using System.Net.Http.Headers;
using CsCheck;
using Switchyard.Runspaces;
using Xunit;

namespace Switchyard.Tests.Runspaces;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset _now = new(2024, 11, 6, 8, 49, 37, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData("0", 0.0)]
    [InlineData(" 7 ", 7.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("-3", 0.0)]
    [InlineData("Wed, 06 Nov 2024 08:50:37 GMT", 60.0)]
    [InlineData("Wednesday, 06-Nov-24 08:50:37 GMT", 60.0)]
    [InlineData("Wed Nov  6 08:50:37 2024", 60.0)]
    [InlineData("Wed, 06 Nov 2024 08:49:36 GMT", 0.0)]
    [InlineData("", null)]
    [InlineData("soon", null)]
    [InlineData("1,5", null)]
    [InlineData("12 s", null)]
    [InlineData("0x10", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("Wed, 41 Nov 2024 08:50:37 GMT", null)]
    public void A_header_is_seconds_or_a_date(string text, double? seconds)
    {
        TimeSpan? expected = seconds is double known ? TimeSpan.FromSeconds(known) : null;
        Assert.Equal(expected, RetryAfter.Parse(text, _now));
        Assert.Equal(expected, RetryAfter.Find(new CallException(Http(text)), _now));
        Assert.Equal(expected, RetryAfter.Find(new CallException(new FakeWebResponse(text)), _now));
    }

    [Theory]
    [InlineData("99999999999999")]
    [InlineData("99999999999999999999999999999999999999999999")]
    public void More_than_a_time_can_hold_is_the_longest_time(string text) => Assert.Equal(TimeSpan.MaxValue, RetryAfter.Parse(text, _now));

    [Fact]
    public void Any_text_is_a_time_or_none() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789-+.,eE: GMT"], 0, 30]).Sample(text =>
        {
            TimeSpan? wait = RetryAfter.Parse(text, _now);
            Assert.True(wait is null || wait >= TimeSpan.Zero);
        });

    [Fact]
    public void Headers_set_by_type_are_read_too()
    {
        using HttpResponseMessage response = new();
        response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), RetryAfter.Find(new CallException(response), _now));
        response.Headers.RetryAfter = new RetryConditionHeaderValue(_now.AddSeconds(9));
        Assert.Equal(TimeSpan.FromSeconds(9), RetryAfter.Find(new CallException(response), _now));
    }

    [Fact]
    public void A_response_that_was_disposed_is_read_too()
    {
        HttpResponseMessage response = Http("5");
        response.Dispose();
        Assert.Equal(TimeSpan.FromSeconds(5), RetryAfter.Find(new CallException(response), _now));
    }

    [Fact]
    public void The_old_stack_s_exception_is_understood() =>
        Assert.Equal(
            TimeSpan.FromSeconds(5),
            RetryAfter.Find(new WebException("busy", null, WebExceptionStatus.ProtocolError, new FakeWebResponse("5")), _now));

    [Fact]
    public void Without_a_response_nothing_is_asked_for()
    {
        Assert.Null(RetryAfter.Find(null, _now));
        Assert.Null(RetryAfter.Find(new InvalidOperationException(), _now));
        Assert.Null(RetryAfter.Find(new WebException("no answer"), _now));
        Assert.Null(RetryAfter.Find(new CallException(new HttpResponseMessage()), _now));
        Assert.Null(RetryAfter.Find(new CallException("text"), _now));
        Assert.Null(RetryAfter.Find(new CallException(null), _now));
    }

    [Fact]
    public void It_is_found_however_the_exception_is_wrapped()
    {
        Exception busy = new CallException(Http("5"));
        Exception[] wrapped =
        [
            new InvalidOperationException("outer", busy),
            new InvalidOperationException("outer", new InvalidOperationException("middle", busy)),
            new AggregateException(new InvalidOperationException(), new AggregateException(busy)),
            new RuntimeException("outer", null, new ErrorRecord(busy, "id", ErrorCategory.NotSpecified, null)),
            new MethodInvocationException("outer", busy),
            new CallException(null, busy),
            new CallException(Http("soon"), busy),
            new ThrowingException(busy),
        ];
        Assert.All(wrapped, exception => Assert.Equal(TimeSpan.FromSeconds(5), RetryAfter.Find(exception, _now)));
    }

    [Fact]
    public void The_outermost_answer_counts() =>
        Assert.Equal(TimeSpan.FromSeconds(1), RetryAfter.Find(new CallException(Http("1"), new CallException(Http("2"))), _now));

    [Fact]
    public void A_property_that_hides_its_base_s_is_the_one_that_counts() =>
        Assert.Equal(TimeSpan.FromSeconds(3), RetryAfter.Find(new HidingException(Http("3")), _now));

    [Fact]
    public void A_wrapped_value_is_unwrapped() =>
        Assert.Equal(TimeSpan.FromSeconds(3), RetryAfter.Find(new CallException(new PSObject(Http("3"))), _now));

    [Fact]
    public void The_search_ends_however_deep_or_wide_the_nesting()
    {
        Exception exception = new CallException(Http("5"));
        for (int i = 0; i < 100_000; i++)
        {
            exception = new InvalidOperationException("outer", exception);
        }

        Assert.Null(RetryAfter.Find(exception, _now));
        Assert.Null(RetryAfter.Find(new SelfContainingException(), _now));
        Assert.Null(RetryAfter.Find(new AggregateException(Enumerable.Range(0, 100_000).Select(_ => new InvalidOperationException())), _now));
    }

    [Fact]
    public void What_a_script_catches_still_tells()
    {
        using PowerShell shell = PowerShell.Create();
        shell.AddScript("param($failure, $thrower) try { throw $failure } catch { $_.Exception }; try { $thrower.Run() } catch { $_.Exception }")
            .AddArgument(new CallException(Http("5")))
            .AddArgument(new Thrower(new CallException(Http("6"))));
        Assert.Equal(
            [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6)],
            shell.Invoke<Exception>().Select(exception => RetryAfter.Find(exception, _now)!.Value));
    }

    private static HttpResponseMessage Http(string retryAfter)
    {
        HttpResponseMessage response = new(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return response;
    }

    /// <summary>Shaped like the engine's exception of a web request that failed.</summary>
    private class CallException(object? response, Exception? inner = null) : Exception("busy", inner)
    {
        public object? Response { get; } = response;
    }

    private sealed class HidingException(HttpResponseMessage response) : CallException(null)
    {
        public new HttpResponseMessage Response { get; } = response;
    }

    private sealed class ThrowingException(Exception inner) : Exception("busy", inner)
    {
#pragma warning disable CA1065, CA1822 // That it throws, and is an instance's, is the point.
        public object Response => throw new InvalidOperationException();
#pragma warning restore CA1065, CA1822
    }

    private sealed class SelfContainingException : Exception, IContainsErrorRecord
    {
        public ErrorRecord ErrorRecord => new(this, "id", ErrorCategory.NotSpecified, null);
    }

    private sealed class FakeWebResponse(string retryAfter) : WebResponse
    {
        public override WebHeaderCollection Headers { get; } = new() { ["Retry-After"] = retryAfter };
    }

    public sealed class Thrower(Exception exception)
    {
        public void Run() => throw exception;
    }
}
