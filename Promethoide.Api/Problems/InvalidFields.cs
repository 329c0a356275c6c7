using System.Text.Json;

namespace Promethoide.Api.Problems;

/// <summary>The problem <c>invalid-request</c>: fields by their JSON names, one message each.</summary>
internal static class InvalidFields
{
    private const string Detail = "Some fields are wrong; errors names them.";

    public static Problem<InvalidRequest> Result(string field, string message) => Result([new(field, message)]);

    public static Problem<InvalidRequest> Result(IEnumerable<KeyValuePair<string, string>> errors) => new(Detail)
    {
        Errors = errors.ToDictionary(error => error.Key, error => new[] { error.Value }),
    };

    /// <summary>Takes over the validation errors.</summary>
    public static ApiProblem Problem(IEnumerable<KeyValuePair<string, string[]>> errors) => new()
    {
        Status = InvalidRequest.Status,
        Code = InvalidRequest.Code,
        Detail = Detail,
        Errors = errors.ToDictionary(error => JsonNamingPolicy.SnakeCaseLower.ConvertName(error.Key), error => error.Value[..1]),
    };
}
