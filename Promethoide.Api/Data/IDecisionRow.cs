namespace Promethoide.Api.Data;

/// <summary>What admissions and refusals have in common, and are listed by.</summary>
public interface IDecisionRow
{
    /// <summary>Number of the row, from 1; later decisions have higher ones.</summary>
    long Id { get; }

    /// <summary>The traveller's document number.</summary>
    string Dni { get; }

    /// <summary>
    /// The traveller's name in the form that searches compare, which the database makes; <see cref="PromethoideContext.SearchForm"/>.
    /// </summary>
    string SearchName { get; }

    /// <summary>The flight that the traveller named.</summary>
    string FlightNumber { get; }

    /// <summary>When it was decided (UTC).</summary>
    DateTime CreatedAt { get; }

    /// <summary>Who decided: a user name, or <c>key/NAME</c> for a service; null when nobody was signed in.</summary>
    string? Officer { get; }
}
