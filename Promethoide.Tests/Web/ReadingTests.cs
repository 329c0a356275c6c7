using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Promethoide.Web.Desk;
using Promethoide.Web.SignIn;

namespace Promethoide.Tests.Web;

public sealed class ReadingTests
{
    [Theory]
    [InlineData("1500", "1500")]
    [InlineData(" 1.500 ", "1500")]
    [InlineData("1,500", "1500")]
    [InlineData("1 500", "1500")]
    [InlineData("1.500,5", "1500.50")]
    [InlineData("1,500.50", "1500.50")]
    [InlineData("0,99", "0.99")]
    [InlineData("1.234.567", "1234567")]
    [InlineData("€ 20", "20")]
    [InlineData("0", "0")]
    public void Money_is_read_however_it_is_written(string typed, string amount) =>
        Assert.Equal(decimal.Parse(amount, CultureInfo.InvariantCulture), Reading.Money(typed));

    [Theory]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("mucho")]
    [InlineData("1.50.0")]
    [InlineData("12.3456")]
    [InlineData("1,5,0")]
    [InlineData("1e9")]
    [InlineData("99999999999999999999")]
    public void What_is_no_amount_is_not_guessed_at(string typed) => Assert.Null(Reading.Money(typed));

    [Theory]
    [InlineData(" 12.345.678-a ", "12345678A")]
    [InlineData("x 1", "X1")]
    [InlineData("_", null)]
    [InlineData("..", null)]
    [InlineData("1234567890123456", null)]
    [InlineData("a/b", null)]
    public void A_document_is_compared_without_its_punctuation(string typed, string? document) =>
        Assert.Equal(document, Reading.Document(typed));

    [Theory]
    [InlineData("1", 1)]
    [InlineData(" 365 ", 365)]
    [InlineData("366", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    public void A_stay_lasts_from_a_day_to_a_year(string typed, int? days) => Assert.Equal(days, Reading.Days(typed));

    [Theory]
    [InlineData("Ana\nTorres")]
    [InlineData("Ana\tTorres")]
    [InlineData("Ana\u0000")]
    [InlineData("Ana \u202Eserrot")]
    [InlineData("Ana\u200BTorres")]
    [InlineData("\uFEFFAna")]
    [InlineData("Ana\u00ADTorres")]
    [InlineData("Ana\u2066Torres\u2069")]
    [InlineData("Ana\u2028Torres")]
    [InlineData("Ana\u2029Torres")]
    [InlineData("Ana\u0085Torres")]
    [InlineData("Ana \U000E0041")]
    public void A_text_with_what_nobody_sees_is_refused(string typed) => Assert.Null(Reading.Line(typed, 100));

    [Fact]
    public void Half_a_character_is_refused()
    {
        Assert.Null(Reading.Line("Ana \uD83D", 100));
        Assert.Null(Reading.Line("\uDE00 Ana", 100));
    }

    [Theory]
    [InlineData(" Zoë O'Núñez-d’Arc ", "Zoë O'Núñez-d’Arc")]
    [InlineData("محمد علي", "محمد علي")]
    [InlineData("王小明", "王小明")]
    [InlineData("𠮷田", "𠮷田")]
    [InlineData("José 😀", "José 😀")]
    [InlineData("", "")]
    public void Names_of_all_scripts_are_read(string typed, string line) => Assert.Equal(line, Reading.Line(typed, 100));

    [Theory]
    [InlineData(" Ana.Torres@example.org ", "ana.torres@example.org")]
    [InlineData("a", "a")]
    [InlineData(".ana", null)]
    [InlineData("ana:remove", null)]
    [InlineData("ana\n", "ana")]
    [InlineData("ana torres", null)]
    [InlineData("", null)]
    public void A_user_name_is_in_lower_case(string typed, string? name) => Assert.Equal(name, Reading.UserName(typed));

    private static DeskStateProtector Protector() =>
        new(new EphemeralDataProtectionProvider(), new CurrentOfficer(new HttpContextAccessor()));

    [Fact]
    public void A_protected_state_comes_back_as_it_was()
    {
        var protector = Protector();
        var state = new DeskState { Document = "X1", DocumentChecked = true, Stay = new StayText("Zoë", "Hotel", "1.500", "3") };

        Assert.True(protector.TryUnprotect(protector.Protect(state), out var back));
        Assert.Equal(state, back);
    }

    [Fact]
    public void A_state_of_another_application_or_changed_anywhere_is_not_accepted()
    {
        var protector = Protector();
        var text = protector.Protect(DeskState.NewTraveller);

        Assert.False(Protector().TryUnprotect(text, out _));
        Assert.False(protector.TryUnprotect("", out _));
        Assert.False(protector.TryUnprotect("{}", out _));
        // The last character contains unused bits.
        Assert.All(Enumerable.Range(0, text.Length - 1), i =>
            Assert.False(protector.TryUnprotect(text[..i] + (text[i] == 'A' ? 'B' : 'A') + text[(i + 1)..], out _)));
    }
}
