-- One line that the driver reads: requests, microseconds, requests without an answer, answers that were no success, p50 and p99 in microseconds.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status, latency:percentile(50), latency:percentile(99)))
end
