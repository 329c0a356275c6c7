using Promethoide.AppHost;

namespace Promethoide.Tests.AppHost;

public sealed class ContainerEngineTests
{
    [Theory]
    [InlineData("Docker version 20.10.24+dfsg1, build 297e128", "20.10.24")]
    [InlineData("Docker version 24.0.9-1, build 2936816", "24.0.9")]
    [InlineData("Docker version 25.0.0, build e758fe5", null)]
    [InlineData("Docker version 28.2.2, build e6534b4", null)]
    [InlineData("podman version 4.3.1", "4.3.1")]
    [InlineData("", null)]
    public void A_docker_that_Aspire_refuses_is_known_by_its_version(string output, string? tooOld) =>
        Assert.Equal(tooOld, ContainerEngine.TooOldVersion(output));
}
