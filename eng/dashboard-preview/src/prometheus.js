// Asks Prometheus as Grafana's data source does, and makes Grafana's data frames of the answers.
import { FieldType, createDataFrame, rangeUtil } from '@grafana/data';

// What monitoring/grafana/provisioning/datasources gives as timeInterval.
const SCRAPE_INTERVAL = '15s';

// Prometheus refuses a series of more points.
const MOST_POINTS = 11000;

export async function ask(path, parameters) {
  const response = await fetch(`/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  let answer;
  try {
    answer = await response.json();
  } catch {
    throw new Error(`${path} answers ${response.status}`);
  }
  if (answer.status !== 'success') {
    throw new Error(answer.error ?? `${path} answers ${response.status}`);
  }
  return answer.data;
}

export async function labelValues(metric, label, range) {
  const parameters = new URLSearchParams({ start: seconds(range.from), end: seconds(range.to) });
  if (metric) {
    parameters.set('match[]', metric);
  }
  const response = await fetch(`/api/v1/label/${encodeURIComponent(label)}/values?${parameters}`);
  const answer = await response.json();
  if (answer.status !== 'success') {
    throw new Error(answer.error);
  }
  return answer.data;
}

/**
 * The step of a query in seconds, and the variables that follow from it.
 * @param points the most points that the panel can show
 * @param least the target's or panel's own interval, if it has one
 */
export function intervals(range, points, least = SCRAPE_INTERVAL) {
  const span = Math.round((range.to.valueOf() - range.from.valueOf()) / 1000);
  const scrape = rangeUtil.intervalToSeconds(least);
  const step = Math.max(rangeUtil.calculateInterval(range, points, least).intervalMs / 1000, Math.ceil(span / MOST_POINTS));
  return {
    step,
    variables: {
      __interval: `${step}s`,
      __interval_ms: `${step * 1000}`,
      __rate_interval: `${Math.max(step + scrape, 4 * scrape)}s`,
      __range: `${span}s`,
      __range_s: `${span}`,
      __range_ms: `${span * 1000}`,
    },
  };
}

/** One target's frames. */
export async function runTarget(target, expr, range, step, several) {
  const instant = target.instant && !target.range;
  const data = instant
    ? await ask('query', { query: expr, time: seconds(range.to) })
    : await ask('query_range', {
        query: expr,
        // Aligned, so that a refresh moves no point.
        start: Math.floor(seconds(range.from) / step) * step,
        end: Math.floor(seconds(range.to) / step) * step,
        step,
      });
  const series = (data.resultType === 'scalar' ? [{ metric: {}, value: data.result }] : data.result).map((one) => ({
    labels: one.metric,
    points: (one.values ?? [one.value]).map(([time, value]) => [time * 1000, Number(value)]),
  }));
  if (target.format === 'table') {
    return [asTable(series, target.refId, several)];
  }
  if (target.format === 'heatmap') {
    return asHeatmap(series, target.refId, step);
  }
  return series.map(({ labels, points }) => frame(target.refId, labels, points, step, nameOf(target.legendFormat, labels, expr)));
}

/** The requests that a query's histogram remembers: of those in one step, the slowest. */
export async function exemplarsOf(expr, range, step) {
  const data = await ask('query_exemplars', { query: expr, start: seconds(range.from), end: seconds(range.to) });
  const slowest = new Map();
  for (const { seriesLabels, exemplars } of data) {
    for (const { labels, value, timestamp } of exemplars) {
      const place = Math.floor(timestamp / step);
      if (!(slowest.get(place)?.value >= Number(value))) {
        slowest.set(place, { time: timestamp * 1000, value: Number(value), trace: labels.trace_id, about: Object.entries(seriesLabels).filter(([name]) => /route|method|status|endpoint|^job$/.test(name)).map(([, text]) => text).join(' ') });
      }
    }
  }
  return [...slowest.values()];
}

function frame(refId, labels, points, step, name) {
  const { __name__, ...rest } = labels;
  return createDataFrame({
    refId,
    meta: { type: 'timeseries-multi' },
    fields: [
      { name: 'Time', type: FieldType.time, values: points.map(([time]) => time), config: { interval: step * 1000 } },
      { name: __name__ ?? 'Value', type: FieldType.number, labels: rest, values: points.map(([, value]) => value), config: name ? { displayNameFromDS: name } : {} },
    ],
  });
}

function nameOf(format, labels, expr) {
  if (format && format !== '__auto') {
    return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label) => labels[label] ?? '');
  }
  return Object.keys(labels).length ? undefined : expr;
}

function asTable(series, refId, several) {
  const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))].sort();
  const rows = series.flatMap((one) => one.points.map((point) => ({ labels: one.labels, point })));
  return createDataFrame({
    refId,
    fields: rows.length === 0 ? [] : [
      { name: 'Time', type: FieldType.time, values: rows.map((row) => row.point[0]) },
      ...labels.map((label) => ({ name: label, type: FieldType.string, values: rows.map((row) => row.labels[label] ?? ''), config: { filterable: true } })),
      { name: several ? `Value #${refId}` : 'Value', type: FieldType.number, values: rows.map((row) => row.point[1]) },
    ],
  });
}

// The series of a histogram's buckets, lowest first, each less the one below it.
function asHeatmap(series, refId, step) {
  const bound = (one) => Number((one.labels.le ?? '').replace('+Inf', 'Infinity'));
  const sorted = [...series].sort((a, b) => bound(a) - bound(b));
  return sorted.map((one, index) => {
    const below = new Map(index > 0 ? sorted[index - 1].points : []);
    const points = one.points.map(([time, value]) => [time, Math.max(0, value - (below.get(time) ?? 0))]);
    return frame(refId, one.labels, points, step, one.labels.le);
  });
}

export function seconds(time) {
  return time.valueOf() / 1000;
}
