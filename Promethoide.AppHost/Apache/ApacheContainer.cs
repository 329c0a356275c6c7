namespace Promethoide.AppHost;

/// <summary>Apache httpd as a container.</summary>
internal static class ApacheContainer
{
    private const string Image = "promethoide-apache";
    private const string ImageTag = "local";

    public static IResourceBuilder<ApacheContainerResource> AddApacheContainer(this IDistributedApplicationBuilder builder, string name, string folder)
    {
        var apache = builder.AddResource(new ApacheContainerResource(name)).WithImage(Image, ImageTag).WithDockerfile(folder);

        // Otherwise each start would leave an image of a name of its own behind.
        foreach (var build in apache.Resource.Annotations.OfType<DockerfileBuildAnnotation>())
        {
            (build.ImageName, build.ImageTag) = (Image, ImageTag);
        }

        return apache;
    }
}
