using Promethoide.Documents;
using static Promethoide.Tests.Documents.ZoneReading;

namespace Promethoide.Tests.Documents;

/// <summary>Misread characters.</summary>
public sealed class ZoneCheckDigitTests
{
    [Theory]
    [InlineData(Zones.Passport, 1, 0, 'M', ZoneField.DocumentNumber)]
    [InlineData(Zones.Passport, 1, 9, '7', ZoneField.DocumentNumber)]
    [InlineData(Zones.Passport, 1, 9, '<', ZoneField.DocumentNumber)]
    [InlineData(Zones.Passport, 1, 13, '6', ZoneField.BirthDate)]
    [InlineData(Zones.Passport, 1, 19, 'Z', ZoneField.BirthDate)]
    [InlineData(Zones.Passport, 1, 26, '6', ZoneField.ExpiryDate)]
    [InlineData(Zones.Passport, 1, 28, '2', ZoneField.OptionalData)]
    [InlineData(Zones.Passport, 1, 42, '<', ZoneField.OptionalData)]
    [InlineData(Zones.Passport, 1, 43, '1', ZoneField.Composite)]
    [InlineData(Zones.Dni, 0, 5, 'C', ZoneField.DocumentNumber)]
    [InlineData(Zones.Dni, 0, 15, '8', ZoneField.Composite)]
    [InlineData(Zones.Dni, 1, 5, '2', ZoneField.BirthDate)]
    [InlineData(Zones.Dni, 1, 8, '3', ZoneField.ExpiryDate)]
    [InlineData(Zones.Dni, 1, 20, '1', ZoneField.Composite)]
    [InlineData(Zones.Dni, 1, 29, '<', ZoneField.Composite)]
    public void A_wrong_check_digit_is_named_by_its_field(string text, int line, int column, char character, ZoneField field) =>
        Assert.Equal(new ZoneProblem(ZoneProblemKind.WrongCheckDigit, field), Problem(Zones.With(text, line, column, character)));

    [Theory]
    [InlineData('0')]
    [InlineData('<')]
    public void Empty_optional_data_of_a_passport_need_no_check_digit(char digit) =>
        Assert.Equal("", Read(Zones.MakePassport(optional: "", optionalDigit: digit)).OptionalData);

    /// <summary>
    /// The weights 7, 3 and 1 are coprime to 10: a changed character goes unnoticed only when both characters have the same value modulo
    /// 10, as 1, B, L and V do. Only those are left out.
    /// </summary>
    [Fact]
    public void Every_changed_character_of_a_checked_field_is_noticed_as_far_as_the_weights_can()
    {
        var noticed = 0;
        foreach (var text in Zones.All.Concat(Zones.Made(300)))
        {
            var zone = text.Replace("\n", "", StringComparison.Ordinal);
            foreach (var at in Zones.CheckedPositions(zone))
            {
                foreach (var other in Zones.Characters.Where(other => Zones.Value(other) % 10 != Zones.Value(zone[at]) % 10))
                {
                    var changed = zone[..at] + other + zone[(at + 1)..];
                    if (MachineReadableZone.TryRead(changed, Today, out _, out var problem) || problem.Field is null)
                    {
                        Assert.Fail($"{changed}: {problem}");
                    }

                    noticed++;
                }
            }
        }

        Assert.InRange(noticed, 400_000, int.MaxValue);
    }

    [Fact]
    public void A_wrong_check_digit_is_noticed_whichever_digit_it_is() =>
        Assert.All(Zones.All.Concat(Zones.Made(300)).Select(text => text.Replace("\n", "", StringComparison.Ordinal)), zone =>
            Assert.All(Zones.CheckDigits(zone), at => Assert.All("0123456789".Where(other => other != zone[at]), other =>
            {
                Assert.False(MachineReadableZone.TryRead(zone[..at] + other + zone[(at + 1)..], Today, out var read, out var problem));
                Assert.Equal((null, ZoneProblemKind.WrongCheckDigit), (read, problem.Kind));
            })));
}
