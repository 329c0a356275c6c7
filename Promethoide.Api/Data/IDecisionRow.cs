namespace Promethoide.Api.Data;

/// <summary>The columns that admissions and refusals share and are listed by.</summary>
public interface IDecisionRow
{
    /// <summary>Row id, from 1, ascending.</summary>
    long Id { get; }

    /// <summary>The traveller's document number.</summary>
    string Dni { get; }

    /// <summary>The traveller's name, normalised for searches by the database; <see cref="PromethoideContext.SearchForm"/>.</summary>
    string SearchName { get; }

    /// <summary>The flight that the traveller named.</summary>
    string FlightNumber { get; }

    /// <summary>When the decision was made (UTC).</summary>
    DateTime CreatedAt { get; }

    /// <summary>Who made the decision: a user name, or <c>key/NAME</c> for a service; null when nobody was signed in.</summary>
    string? Officer { get; }
}
