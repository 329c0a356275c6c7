using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Promethoide.Tests.Network.Drills;

/// <summary>A mail as it arrived: to one address, with its subject.</summary>
internal sealed record Mail(string To, string Subject);

/// <summary>An SMTP server (RFC 5321) on loopback that takes every mail, without encryption and passwords, and keeps who got which subject.</summary>
internal sealed class MailSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentQueue<Mail> _mails = new();
    private readonly Task _accepting;

    public MailSink()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What has arrived so far, in order.</summary>
    public IReadOnlyList<Mail> Mails => [.. _mails];

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _accepting;
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_over.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream);
            await using var writer = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 sink");
            var recipients = new List<string>();
            while (await reader.ReadLineAsync(_over.Token) is { } line)
            {
                switch (line.Split([' ', ':'])[0].ToUpperInvariant())
                {
                    case "RCPT":
                        recipients.Add(line[(line.IndexOf('<') + 1)..line.IndexOf('>')]);
                        await writer.WriteLineAsync("250 OK");
                        break;
                    case "DATA":
                        await writer.WriteLineAsync("354 Go on, and end with a dot");
                        var subject = await ReadAsync(reader);
                        foreach (var recipient in recipients)
                        {
                            _mails.Enqueue(new(recipient, subject));
                        }

                        recipients.Clear();
                        await writer.WriteLineAsync("250 OK");
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 Bye");
                        return;
                    default:
                        await writer.WriteLineAsync("250 OK");
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Whoever was sending has ended, or the test has.
        }
    }

    // The whole message, of which the subject counts; a mail without one has none.
    private async Task<string> ReadAsync(StreamReader reader)
    {
        const string Header = "Subject: ";
        var subject = "";
        while (await reader.ReadLineAsync(_over.Token) is { } line && line != ".")
        {
            subject = subject.Length == 0 && line.StartsWith(Header, StringComparison.OrdinalIgnoreCase) ? line[Header.Length..] : subject;
        }

        return subject;
    }
}
