-- What wrk has measured, as one line of JSON at the end of its output; latencies in milliseconds.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"perSecond":%f,"failed":%d,"milliseconds":{"p50":%f,"p95":%f,"p99":%f,"max":%f}}\n',
    summary.requests,
    summary.requests / (summary.duration / 1e6),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3
  ))
end
