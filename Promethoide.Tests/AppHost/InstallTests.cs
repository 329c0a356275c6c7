using System.Diagnostics;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.AppHost;

/// <summary>Package installation by <c>eng/common.sh</c>, with a stand-in for apt-get that does nothing for a while.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-install-").FullName;

    private string Policy => Path.Combine(_folder, "policy-rc.d");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task One_that_is_interrupted_lets_services_start_again(string signal)
    {
        using var installation = Install("touch $folder/busy; exec sleep 60");
        await Eventually.GetAsync(() => Task.FromResult(File.Exists(Path.Combine(_folder, "busy"))), busy => busy);
        Assert.Contains("exit 101", await File.ReadAllTextAsync(Policy, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // As a terminal does: to the whole process group.
        await Tool.MustRunAsync("kill", [$"-{signal}", "--", $"-{installation.Id}"]);
        await installation.WaitForExitAsync(TestContext.Current.CancellationToken);

        await Eventually.GetAsync(() => Task.FromResult(File.Exists(Policy)), there => !there);
    }

    [Theory]
    [InlineData("#!/bin/sh\nexit 0\n", true)]
    [InlineData("#!/bin/sh\n# Of a Promethoide that is installing packages.\nexit 101\n", false)]
    public async Task A_policy_that_somebody_else_made_stays_and_one_that_a_killed_installation_left_goes(string policy, bool stays)
    {
        await File.WriteAllTextAsync(Policy, policy, TestContext.Current.CancellationToken);

        using var installation = Install("exit 0");
        await installation.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, stays), (installation.ExitCode, File.Exists(Policy)));
    }

    private Process Install(string aptGet)
    {
        var program = Path.Combine(_folder, "apt-get");
        File.WriteAllText(program, $"#!/bin/sh\nfolder='{_folder}'\n{aptGet}\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        // Without root, packages are installed through sudo.
        var sudo = Path.Combine(_folder, "sudo");
        File.WriteAllText(sudo, "#!/bin/sh\nexec \"$@\"\n");
        File.SetUnixFileMode(sudo, (UnixFileMode)0b111_101_101);
        string line =
            $"set -euo pipefail; . '{Repository.Combine("eng", "common.sh")}'; policy='{Policy}'; install_packages no-such-package";
        // The test runner may ignore Ctrl-C, and its child processes would inherit that.
        var start = new ProcessStartInfo("setsid", ["env", "--default-signal=INT", "bash", "-c", line]) { RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        return process;
    }
}
