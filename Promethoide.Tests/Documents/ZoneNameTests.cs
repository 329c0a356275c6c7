using static Promethoide.Tests.Documents.ZoneReading;

namespace Promethoide.Tests.Documents;

/// <summary>Names, which a zone contains in capitals and without accents.</summary>
public sealed class ZoneNameTests
{
    [Theory]
    [InlineData("ERIKSSON<<ANNA<MARIA", "ERIKSSON", "ANNA MARIA", "Anna Maria Eriksson")]
    [InlineData("ARKFREITH", "ARKFREITH", "", "Arkfreith")]
    [InlineData("<<RAJESH<KUMAR", "", "RAJESH KUMAR", "Rajesh Kumar")]
    [InlineData("", "", "", "")]
    [InlineData("RUIZ<DE<LA<CAL<<MARIA<DE<LOS<ANGELES", "RUIZ DE LA CAL", "MARIA DE LOS ANGELES", "Maria de los Angeles Ruiz de la Cal")]
    [InlineData("RAMON<Y<CAJAL<<SANTIAGO", "RAMON Y CAJAL", "SANTIAGO", "Santiago Ramon y Cajal")]
    [InlineData("DEL<BOSQUE<<VICENTE", "DEL BOSQUE", "VICENTE", "Vicente del Bosque")]
    [InlineData("VAN<DER<VELDEN<<GREET<HILDE", "VAN DER VELDEN", "GREET HILDE", "Greet Hilde van der Velden")]
    [InlineData("DE<BRUIJN", "DE BRUIJN", "", "De Bruijn")]
    [InlineData("NGUYEN<<THI<VAN<ANH", "NGUYEN", "THI VAN ANH", "Thi Van Anh Nguyen")]
    [InlineData("LAS<HERAS<<ANA", "LAS HERAS", "ANA", "Ana Las Heras")]
    [InlineData("VAN<<ANH", "VAN", "ANH", "Anh Van")]
    [InlineData("LA<<HOA", "LA", "HOA", "Hoa La")]
    [InlineData("SMITH<<JOHN<<PAUL", "SMITH", "JOHN PAUL", "John Paul Smith")]
    public void Names_are_shown_as_people_write_them(string field, string surname, string given, string shown)
    {
        var zone = Read(Zones.MakePassport(name: field));

        Assert.Equal((surname, given, shown, false), (zone.Surname, zone.GivenNames, zone.DisplayName, zone.NameMayBeCut));
    }

    [Theory]
    [InlineData(Zones.PortugueseCard, "CACADOR DE ARAUJO", "ANDRE ESTEV")]
    [InlineData(Zones.MalaysianPassport, "MEGAN ELLA RUTH BIN ISMAELAR EZZAHUDDIN", "")]
    public void A_name_that_fills_its_field_may_be_cut(string text, string surname, string given)
    {
        var zone = Read(text);

        Assert.Equal((surname, given, true), (zone.Surname, zone.GivenNames, zone.NameMayBeCut));
    }
}
