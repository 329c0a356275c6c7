namespace Promethoide.AppHost;

internal static class RegisteredExtensions
{
    /// <summary>
    /// A single instance that was registered while the model is built, before a service provider exists; null if there is none.
    /// </summary>
    public static T? Registered<T>(this IDistributedApplicationBuilder builder) where T : class =>
        builder.Services.Where(service => service.ServiceType == typeof(T))
            .Select(service => service.ImplementationInstance)
            .OfType<T>()
            .FirstOrDefault();
}
