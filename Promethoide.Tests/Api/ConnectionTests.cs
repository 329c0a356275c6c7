using System.Net.Sockets;
using Npgsql;
using Promethoide.Api.Data;

namespace Promethoide.Tests.Api;

public sealed class ConnectionTests
{
    [Fact]
    public void A_connection_is_tuned_for_few_statements_that_come_often()
    {
        var tuned = new NpgsqlConnectionStringBuilder(Database.Tune("Host=db;Password=\"it's; a \"\"b\"\"\"", 7));

        Assert.Equal("db", tuned.Host);
        Assert.Equal("it's; a \"b\"", tuned.Password);
        Assert.Equal(32, tuned.MaxAutoPrepare);
        Assert.Equal(2, tuned.AutoPrepareMinUsages);
        Assert.Equal(2, tuned.Timeout);
        Assert.Equal(7, tuned.MaxPoolSize);
        Assert.True(tuned.NoResetOnClose);
    }

    [Fact]
    public void What_the_connection_string_says_itself_stays()
    {
        var tuned = new NpgsqlConnectionStringBuilder(
            Database.Tune("Host=db;Max Auto Prepare=0;No Reset On Close=false;Timeout=9;Maximum Pool Size=3", 7));

        Assert.Equal(0, tuned.MaxAutoPrepare);
        Assert.Equal(9, tuned.Timeout);
        Assert.Equal(3, tuned.MaxPoolSize);
        Assert.False(tuned.NoResetOnClose);
    }

    [Fact]
    public void A_missing_connection_string_stays_missing() => Assert.Null(Database.Tune(null, 7));

    [Theory]
    [InlineData("57P01", true)]
    [InlineData("53300", true)]
    [InlineData("28P01", true)]
    [InlineData("3D000", true)]
    [InlineData("40001", true)]
    [InlineData("42P01", false)]
    [InlineData("23514", false)]
    public void The_server_is_unavailable_when_it_would_not_serve_anybody(string sqlState, bool unavailable) => Assert.Equal(
        unavailable,
        DatabaseFailure.IsUnavailable(new InvalidOperationException("", new PostgresException("", "ERROR", "ERROR", sqlState))));

    [Fact]
    public void The_server_is_unavailable_when_it_cannot_be_reached() =>
        Assert.True(DatabaseFailure.IsUnavailable(new NpgsqlException("", new SocketException((int)SocketError.ConnectionRefused))));

    [Fact]
    public void A_fault_of_ours_is_no_absence_of_the_server() =>
        Assert.False(DatabaseFailure.IsUnavailable(new InvalidOperationException()));
}
