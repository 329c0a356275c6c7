namespace Promethoide.Documents;

/// <summary>
/// The numbers of Spain's DNI (8 digits and a letter) and NIE (X, Y or Z, 7 digits and a letter). The letter is the remainder of the number
/// divided by 23; X, Y and Z stand for a first digit 0, 1 and 2. Source: Ministerio del Interior, «Cálculo del dígito de control del
/// NIF/NIE»,
/// https://www.interior.gob.es/opencms/es/servicios-al-ciudadano/tramites-y-gestiones/dni/calculo-del-digito-de-control-del-nif-nie/
/// </summary>
public static class SpanishNumber
{
    private const string Letters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const int Digits = 8;

    /// <summary>
    /// Whether the number has the correct check letter; null when it is shaped like neither a DNI nor a NIE. Any letter from A to Z fits
    /// the shape, even I, O and U, which are never correct.
    /// </summary>
    /// <param name="normalised">A number as <see cref="DocumentNumber.Normalise"/> returns it: upper case, no separators.</param>
    public static bool? HasRightLetter(string normalised)
    {
        ArgumentNullException.ThrowIfNull(normalised);
        return normalised.Length == Digits + 1 && HasShape(normalised) ? normalised[Digits] == Letter(normalised) : null;
    }

    /// <summary>The check letter for a number without one; null when that is not the beginning of a DNI or NIE.</summary>
    /// <param name="digits">8 digits, or X, Y or Z and 7 digits, without separators. 7 digits need their leading zero.</param>
    public static char? LetterOf(string digits)
    {
        ArgumentNullException.ThrowIfNull(digits);
        return digits.Length == Digits && HasShape(digits) ? Letter(digits) : null;
    }

    /// <summary>True for a DNI or NIE, with or without its letter.</summary>
    internal static bool HasShape(ReadOnlySpan<char> number) =>
        number.Length is Digits or Digits + 1
        && (char.IsAsciiDigit(number[0]) || number[0] is 'X' or 'Y' or 'Z')
        && !number[1..Digits].ContainsAnyExceptInRange('0', '9')
        && !number[Digits..].ContainsAnyExceptInRange('A', 'Z');

    private static char Letter(ReadOnlySpan<char> number)
    {
        var value = char.IsAsciiDigit(number[0]) ? number[0] - '0' : number[0] - 'X';
        foreach (var digit in number[1..Digits])
        {
            value = (value * 10) + (digit - '0');
        }

        return Letters[value % Letters.Length];
    }
}
