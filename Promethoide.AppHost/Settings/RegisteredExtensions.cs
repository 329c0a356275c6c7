namespace Promethoide.AppHost;

internal static class RegisteredExtensions
{
    /// <summary>
    /// What was registered as a single instance while the model is made, before there is a container of services to ask; null when nothing
    /// was.
    /// </summary>
    public static T? Registered<T>(this IDistributedApplicationBuilder builder) where T : class =>
        builder.Services.Where(service => service.ServiceType == typeof(T))
            .Select(service => service.ImplementationInstance)
            .OfType<T>()
            .FirstOrDefault();
}
