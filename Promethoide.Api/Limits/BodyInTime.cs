using System.Buffers;
using System.IO.Pipelines;

namespace Promethoide.Api.Limits;

/// <summary>
/// The body of a request, with a time limit on reading it, even if the reader observes none. An abandoned read is completed: Kestrel reads
/// the rest after the answer, and would otherwise log "Reading is already in progress" as an error and break the connection.
/// </summary>
internal sealed class BodyInTime : Stream
{
    private readonly PipeReader _body;
    private readonly CancellationToken _timeIsUp;
    private readonly CancellationTokenRegistration _wakeUp;

    public BodyInTime(PipeReader body, CancellationToken timeIsUp)
    {
        _body = body;
        _timeIsUp = timeIsUp;
        _wakeUp = timeIsUp.UnsafeRegister(static body => ((PipeReader)body!).CancelPendingRead(), body);
    }

    /// <summary>Whether the whole body has arrived.</summary>
    public bool IsComplete { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // The reader's own token is ignored: nobody passes one here.
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await _body.ReadAsync(CancellationToken.None);
        if (_timeIsUp.IsCancellationRequested)
        {
            _body.AdvanceTo(result.Buffer.Start);
            throw new OperationCanceledException(_timeIsUp);
        }

        var length = (int)Math.Min(result.Buffer.Length, buffer.Length);
        var part = result.Buffer.Slice(0, length);
        part.CopyTo(buffer.Span);
        _body.AdvanceTo(part.End);
        IsComplete = result.IsCompleted;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        _wakeUp.Dispose();
        base.Dispose(disposing);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
