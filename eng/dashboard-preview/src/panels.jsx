// One panel: its queries, what Grafana does to the answers, and its drawing.
import {
  FieldType, VizOrientation, createDataFrame, dateTimeFormat, getDisplayValueAlignmentFactors, getFieldDisplayValues, getValueFormat, renderTextPanelMarkdown,
} from '@grafana/data';
import { BarGauge, BigValue, EventsCanvas, Icon, PanelChrome, TimeSeries, TooltipPlugin, VizRepeater, useTheme2 } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { useEffect, useMemo, useState } from 'react';
import { applyConfig, transform } from './fields.js';
import { ask, exemplarsOf, intervals, runTarget, seconds } from './prometheus.js';
import { Gauge, Heatmap, StateTimeline } from './svg.jsx';
import { replace } from './variables.js';

const KNOWN = ['timeseries', 'stat', 'gauge', 'bargauge', 'table', 'text', 'heatmap', 'state-timeline', 'alertlist'];
// The title's bar and the padding of Grafana's frame.
const HEADER = 32;
const PADDING = 8;

export function Panel({ panel, scope, annotations, width, height, timeZone, onLoaded }) {
  const theme = useTheme2();
  const [result, setResult] = useState();
  const query = JSON.stringify(panel.targets);

  useEffect(() => {
    let current = true;
    load(panel, scope, width)
      .then((data) => ({ ...data, scope }), (error) => ({ error: error.message, scope }))
      .then((loaded) => current && setResult(loaded));
    return () => { current = false; };
  }, [scope, query]);
  // Once it is on the page, which is later than it was asked for.
  useEffect(() => { result && onLoaded(); }, [result]);

  const text = (value) => replace(value, scope);
  const links = (panel.links ?? []).map((link) => ({ title: text(link.title), url: text(link.url), blank: link.targetBlank }));
  return (
    <PanelChrome
      width={width}
      height={height}
      title={text(panel.title)}
      description={panel.description && (() => renderTextPanelMarkdown(text(panel.description)))}
      displayMode={panel.transparent ? 'transparent' : 'default'}
      statusMessage={result?.error}
      titleItems={links.length > 0 && <Links links={links} />}
    >
      {(innerWidth, innerHeight) => (
        <div style={{ width: innerWidth, height: innerHeight, overflow: 'hidden' }}>
          {result && <Body panel={panel} result={result} annotations={annotations} width={innerWidth} height={innerHeight} theme={theme} timeZone={timeZone} />}
        </div>
      )}
    </PanelChrome>
  );
}

// One sign, as Grafana's: the title keeps its room.
function Links({ links }) {
  return (
    <span className="panel-links" tabIndex={0} aria-label="Links">
      <Icon name="external-link-alt" />
      <span className="menu">{links.map((link) => <a key={link.title} href={link.url} target={link.blank ? '_blank' : undefined}>{link.title}</a>)}</span>
    </span>
  );
}

async function load(panel, scope, width) {
  if (panel.type === 'text') {
    return {};
  }
  if (panel.type === 'alertlist') {
    const { result } = await ask('query', { query: 'ALERTS{alertstate="firing"}', time: seconds(scope.range.to) });
    return { alerts: result.map(({ metric }) => metric) };
  }
  const targets = (panel.targets ?? []).filter((target) => !target.hide && target.expr);
  const exemplars = [];
  const frames = await Promise.all(targets.map(async (target) => {
    const { step, variables } = intervals(scope.range, panel.maxDataPoints || width - 2 * PADDING, target.interval || panel.interval || undefined);
    const expr = replace(target.expr, { ...scope, intervals: variables, promql: true });
    if (target.exemplar && panel.type === 'timeseries') {
      exemplars.push(...await exemplarsOf(expr, scope.range, step));
    }
    return runTarget(target, expr, scope.range, step, targets.length > 1);
  }));
  return { frames: await transform(frames.flat(), panel.transformations, (value) => replace(value, scope)), exemplars };
}

function Body({ panel, result, annotations, width, height, theme, timeZone }) {
  const { frames, alerts, exemplars, scope, error } = result;
  const { range } = scope;
  if (error) {
    return <Message className="failed">{error}</Message>;
  }
  if (!KNOWN.includes(panel.type)) {
    return <Message className="failed">The preview cannot draw a panel of type {panel.type}.</Message>;
  }
  if (panel.type === 'text') {
    const content = replace(panel.options?.content, scope);
    return <div className="markdown-html text-panel" dangerouslySetInnerHTML={{ __html: panel.options?.mode === 'html' ? content : renderTextPanelMarkdown(content) }} />;
  }
  if (panel.type === 'alertlist') {
    return alerts.length === 0 ? <Message>No alerts firing</Message> : <AlertList alerts={alerts} />;
  }
  if (!frames.some((frame) => frame.length > 0 && frame.fields.some((field) => field.type !== FieldType.time))) {
    return <Message>{panel.fieldConfig?.defaults?.noValue ?? 'No data'}</Message>;
  }

  const replaceVariables = (value, scopedVars, format) => replace(value, { ...scope, scopedVars }, typeof format === 'string' ? format : undefined);
  const configured = applyConfig(panel, frames, theme, timeZone, replaceVariables);
  const options = panel.options ?? {};
  const common = { frames: configured.frames, options, panel, width, height, range, theme, timeZone };
  switch (panel.type) {
    case 'timeseries':
      return <Series {...common} annotations={annotations} exemplars={exemplars} />;
    case 'table':
      return <TableNG data={configured.frames[0]} width={width} height={height} noHeader={options.showHeader === false} cellHeight={options.cellHeight} sortBy={options.sortBy} enablePagination={options.footer?.enablePagination} timeRange={range} fieldConfig={configured.fieldConfig} structureRev={1} />;
    case 'heatmap':
      return <Heatmap {...common} options={{ ...options, format: (value, unit) => getValueFormat(unit)(value) }} />;
    case 'state-timeline':
      return <StateTimeline {...common} />;
    default:
      return <Values {...common} fieldConfig={configured.fieldConfig} replaceVariables={replaceVariables} />;
  }
}

function Series({ frames, options, annotations, exemplars, width, height, range, theme, timeZone }) {
  const drawable = frames.filter((frame) => frame.fields.some((field) => field.type === FieldType.time) && frame.fields.some((field) => field.type === FieldType.number));
  if (drawable.length === 0) {
    return <Message>Data have no time</Message>;
  }
  return (
    <TimeSeries frames={drawable} structureRev={undefined} width={width} height={height} timeRange={range} timeZone={timeZone} legend={{ showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [], ...options.legend }} options={options}>
      {(config, aligned) => {
        mark(config, annotations, theme);
        return (
          <>
            <TooltipPlugin data={aligned} config={config} mode={options.tooltip?.mode ?? 'single'} sortOrder={options.tooltip?.sort ?? 'none'} timeZone={timeZone} />
            <Marks config={config} exemplars={exemplars} annotations={annotations} timeZone={timeZone} />
          </>
        );
      }}
    </TimeSeries>
  );
}

// Of exemplars, each is one request, and a click opens its trace; of alerts, a sign under the axis says which.
function Marks({ config, exemplars, annotations, timeZone }) {
  const when = (time) => dateTimeFormat(time, { timeZone });
  const marks = useMemo(() => [
    ...exemplars.map(({ time, value, trace, about }) => ({
      time, value,
      drawn: <a className="exemplar" href={`/traces/detail/${trace}`} target="_blank" title={`${about}\n${(value * 1000).toPrecision(3)} ms, ${when(time)}\nOpen the trace`} />,
    })),
    ...annotations.map(({ from, to, words }) => ({ time: from, drawn: <i className="alert" title={`${words}\n${when(from)} – ${when(to)}`} /> })),
  ], [exemplars, annotations]);
  // The canvas places them when the plot is drawn, and misses the first time.
  useEffect(() => config.plot?.redraw(false), [config, marks]);
  const events = useMemo(() => [createDataFrame({ fields: [{ name: 'Time', values: marks.map((one) => one.time) }] })], [marks]);
  return (
    <EventsCanvas
      id="marks" config={config} events={events} renderEventMarker={(_, index) => marks[index].drawn}
      mapEventToXYCoords={(_, index) => {
        if (!config.plot) {
          return undefined;
        }
        const { time, value } = marks[index];
        const { over, series, valToPos } = config.plot;
        const x = valToPos(time, 'x');
        const y = value === undefined ? over.clientHeight : valToPos(value, series[1].scale);
        return x >= 0 && y >= 0 && x <= over.clientWidth ? { x, y } : undefined;
      }}
    />
  );
}

// Alerts as Grafana draws annotations: a dashed line where one began, a tint while it lasted.
function mark(config, annotations, theme) {
  if (config.isMarked) {
    config.marks = annotations;
    return;
  }
  config.isMarked = true;
  config.addHook('init', (u) => { config.plot = u; });
  config.marks = annotations;
  config.addHook('draw', (u) => {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height + 12);
    ctx.clip();
    for (const { from, to, color } of config.marks) {
      const x0 = u.valToPos(from, 'x', true);
      const x1 = Math.max(u.valToPos(to, 'x', true), x0 + 2);
      ctx.strokeStyle = ctx.fillStyle = theme.visualization.getColorByName(color);
      ctx.globalAlpha = 0.08;
      ctx.fillRect(x0, bbox.top, x1 - x0, bbox.height);
      ctx.globalAlpha = 1;
      ctx.setLineDash([4, 4]);
      ctx.beginPath();
      ctx.moveTo(x0, bbox.top);
      ctx.lineTo(x0, bbox.top + bbox.height);
      ctx.stroke();
      ctx.fillRect(x0, bbox.top + bbox.height, x1 - x0, 4);
    }
    ctx.restore();
  });
}

function Values({ frames, options, panel, fieldConfig, replaceVariables, width, height, range, theme, timeZone }) {
  const withGraph = panel.type === 'stat' && (options.graphMode ?? 'area') !== 'none';
  const values = getFieldDisplayValues({
    data: frames, fieldConfig, replaceVariables, theme, timeZone, sparkline: withGraph,
    reduceOptions: { values: false, calcs: ['lastNotNull'], fields: '', ...options.reduceOptions },
  });
  if (values.length === 0) {
    return <Message>{fieldConfig.defaults.noValue ?? 'No data'}</Message>;
  }
  const orientation = options.orientation ?? VizOrientation.Auto;
  const draw = ({ value, width: own, height: tall, count, alignmentFactors, orientation: resolved }) => {
    const link = value.hasLinks ? value.getLinks()[0] : undefined;
    const drawn = panel.type === 'stat' ? (
      <BigValue
        value={value.display} width={own} height={tall} count={count} theme={theme} text={options.text} alignmentFactors={alignmentFactors}
        sparkline={withGraph && value.sparkline ? { ...value.sparkline, timeRange: range } : undefined}
        colorMode={options.colorMode ?? 'value'} graphMode={options.graphMode ?? 'area'} justifyMode={options.justifyMode ?? 'auto'} textMode={options.textMode ?? 'auto'}
        disableWideLayout={options.wideLayout === false} hasLinks={Boolean(link)}
      />
    ) : panel.type === 'gauge' ? (
      <Gauge value={count === 1 && !value.field.displayName ? { ...value, display: { ...value.display, title: undefined } } : value} width={own} height={tall} theme={theme} showThresholds={options.showThresholdMarkers !== false} />
    ) : (
      <BarGauge
        value={value.display} field={value.field} display={value.view?.getFieldDisplayProcessor(value.colIndex)} width={own} height={tall} theme={theme} text={options.text}
        orientation={resolved} displayMode={options.displayMode ?? 'gradient'} showUnfilled={options.showUnfilled ?? true} alignmentFactors={alignmentFactors}
        valueDisplayMode={options.valueMode ?? 'color'} namePlacement={options.namePlacement ?? 'auto'} itemSpacing={8} lcdCellWidth={12}
      />
    );
    return link ? <a href={link.href} title={link.title} target={link.target} className="value-link">{drawn}</a> : drawn;
  };
  return (
    <VizRepeater
      getValues={() => values} source={frames} renderCounter={0} width={width} height={height} orientation={orientation} itemSpacing={8} renderValue={draw}
      autoGrid={panel.type !== 'bargauge'} minVizHeight={panel.type === 'bargauge' ? (options.minVizHeight ?? 16) : undefined} maxVizHeight={panel.type === 'bargauge' ? (options.maxVizHeight ?? 300) : undefined}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
    />
  );
}

function AlertList({ alerts }) {
  return (
    <ul className="alerts">
      {alerts.map(({ __name__, alertname, alertstate, severity, ...labels }) => (
        <li key={alertname + JSON.stringify(labels)} className={severity}><b>{alertname}</b> {severity} {Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(' ')}</li>
      ))}
    </ul>
  );
}

function Message({ className = '', children }) {
  return <div className={`message ${className}`}>{children}</div>;
}
