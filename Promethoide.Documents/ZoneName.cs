namespace Promethoide.Documents;

/// <summary>Names from a machine readable zone, which has capitals only.</summary>
internal static class ZoneName
{
    // Only where a word follows, because De, Do, Van and others are names too.
    private static readonly string[] Particles = ["DE", "DEL"];
    private static readonly string[] Articles = ["LA", "LAS", "LOS"];
    private static readonly string[] ParticlesOfSurnames = ["DA", "DAS", "DO", "DOS", "DER", "DEN", "TER", "VAN", "VON", "Y", "ZU"];

    /// <summary>
    /// Given names and surname in capitals, converted to normal case: "MARIA DE LOS ANGELES" and "RUIZ" become "Maria de los Angeles Ruiz".
    /// </summary>
    public static string Display(string givenNames, string surname)
    {
        var words = Words(givenNames, isSurname: false).Concat(Words(surname, isSurname: true)).ToList();
        if (words is [var first, ..])
        {
            words[0] = Capitalised(first);
        }

        return string.Join(' ', words);
    }

    private static IEnumerable<string> Words(string name, bool isSurname)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Select((word, i) => i < words.Length - 1 && IsSmall(word, i == 0 ? "" : words[i - 1], isSurname)
            ? word.ToLowerInvariant()
            : Capitalised(word));
    }

    private static bool IsSmall(string word, string before, bool isSurname) =>
        Particles.Contains(word) || (before is "DE" && Articles.Contains(word)) || (isSurname && ParticlesOfSurnames.Contains(word));

    private static string Capitalised(string word) => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant();
}
