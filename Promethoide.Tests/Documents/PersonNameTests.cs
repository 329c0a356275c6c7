using Promethoide.Documents;

namespace Promethoide.Tests.Documents;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("José García López", "GARCIA LOPEZ, Jose")]
    [InlineData("Anna Maria Eriksson", "Eriksson, Anna")]
    [InlineData("Jürgen Müller", "MUELLER JUERGEN")]
    [InlineData("Jürgen Müller", "Muller Jurgen")]
    [InlineData("Åse Ångström", "AANGSTROEM AASE")]
    [InlineData("Søren Kierkegård", "KIERKEGAARD SOEREN")]
    [InlineData("Franz Weiß", "WEISS FRANZ")]
    [InlineData("Łukasz Żółć", "ZOLC LUKASZ")]
    [InlineData("Seán O'Neill", "ONEILL SEAN")]
    [InlineData("Seán O’Neill", "O'NEILL, SEAN")]
    [InlineData("Jean-Luc Picard", "PICARD JEAN LUC")]
    [InlineData("María de los Ángeles Ruiz", "RUIZ MARIA ANGELES")]
    [InlineData("Nguyễn Văn An", "NGUYEN VAN AN")]
    [InlineData("İbrahim Yıldız", "YILDIZ IBRAHIM")]
    [InlineData("Zoe\u0301 Nunez", "Zoé Núñez")]
    [InlineData("Ali al-Hassan", "Alhassan Ali")]
    [InlineData("Suharto", "SUHARTO")]
    [InlineData("山田太郎", "山田太郎")]
    public void Forms_of_a_name_may_be_one_persons(string one, string other)
    {
        Assert.True(PersonName.MayBeSame(one, other));
        Assert.True(PersonName.MayBeSame(other, one));
    }

    [Theory]
    [InlineData("José García", "José López")]
    [InlineData("Ana Ruiz", "Ana María")]
    [InlineData("Ana Ana", "Ana Ruiz")]
    [InlineData("Suharto", "Suharto Raharjo")]
    [InlineData("", "")]
    [InlineData("-", "'")]
    public void Names_that_share_too_little_are_not(string one, string other)
    {
        Assert.False(PersonName.MayBeSame(one, other));
        Assert.False(PersonName.MayBeSame(other, one));
    }
}
