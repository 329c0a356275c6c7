// The page: one dashboard on Grafana's grid, with its links, variables, times and alerts.
import { EventBusSrv, ThemeContext, createTheme, rangeUtil } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { GlobalStyles, PanelContextProvider } from '@grafana/ui';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import 'uplot/dist/uPlot.min.css';
import './main.css';
import { Panel } from './panels.jsx';
import { ask, intervals, seconds } from './prometheus.js';
import { ALL, replace, resolveVariables } from './variables.js';

const COLUMNS = 24;
const ROW = 30;
const GAP = 8;
const RANGES = { '5 minutes': 'now-5m', '15 minutes': 'now-15m', '1 hour': 'now-1h', '3 hours': 'now-3h', '6 hours': 'now-6h', '24 hours': 'now-24h', '7 days': 'now-7d', '30 days': 'now-30d' };
const REFRESHES = ['', '5s', '10s', '30s', '1m', '5m'];
const TIME_ZONE = 'browser';

// Where Grafana has its list of alerts: the dashboards lead there.
const ALERTS = '/alerting/list';
const ALERT_LIST = { uid: 'alerts', title: 'Firing alerts', refresh: '10s', panels: [{ id: 1, type: 'alertlist', title: 'What fires now, as Prometheus says', gridPos: { x: 0, y: 0, w: 24, h: 16 } }] };

// Icons are fetched from there.
window.__grafana_public_path__ = '/public/';

function Page({ dashboards, dashboard }) {
  const [parameters, setParameters] = useParameters();
  const dark = parameters.get('theme') !== 'light';
  const theme = useMemo(() => createTheme({ colors: { mode: dark ? 'dark' : 'light' } }), [dark]);
  const from = parameters.get('from') ?? dashboard.time?.from ?? 'now-1h';
  const to = parameters.get('to') ?? dashboard.time?.to ?? 'now';
  const refresh = parameters.get('refresh') ?? dashboard.refresh ?? '';
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState();

  useEffect(() => {
    if (refresh) {
      const timer = setInterval(() => setTurn((last) => last + 1), rangeUtil.intervalToMs(refresh));
      return () => clearInterval(timer);
    }
  }, [refresh]);

  const search = parameters.toString();
  useEffect(() => {
    let current = true;
    const range = rangeUtil.convertRawToRange({ from: numeric(from), to: numeric(to) });
    range.raw = { from, to };
    resolveVariables(dashboard, parameters, range)
      .then(async (resolved) => {
        const scope = { resolved, range, dashboard };
        return { scope, annotations: await annotationsOf(dashboard, scope) };
      })
      .catch((error) => ({ error: error.message }))
      .then((next) => current && setState(next));
    return () => { current = false; };
  }, [search, turn]);

  useEffect(() => {
    document.title = `${dashboard.title} (preview)`;
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [dashboard, dark]);

  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <div style={{ '--weak': theme.colors.border.weak, '--text': theme.colors.text.primary, '--faint': theme.colors.text.secondary, '--link': theme.colors.text.link, '--panel': theme.colors.background.primary, '--bad': theme.colors.error.text, '--warn': theme.colors.warning.text }}>
        <p className="notice">A preview of Promethoide's dashboards, drawn without Grafana from the files that Grafana reads. Nothing can be edited here, and no alert is sent from here.</p>
        <header>
          <h1>{dashboard.title}</h1>
          {state?.scope && Object.values(state.scope.resolved).filter(({ variable }) => !variable.hide && variable.type !== 'datasource').map((one) => <Chooser key={one.variable.name} {...one} onChange={(values) => setParameters({ [`var-${one.variable.name}`]: values })} />)}
          <span className="space" />
          <nav>{state?.scope && <DashboardLinks dashboards={dashboards} dashboard={dashboard} scope={state.scope} />}</nav>
          <select aria-label="Dashboard" value={dashboard.uid} onChange={(event) => location.assign(`/d/${event.target.value}`)}>
            {[...new Set([...dashboards, dashboard])].map((one) => <option key={one.uid} value={one.uid}>{one.title}</option>)}
          </select>
          <select aria-label="Time range" value={from} onChange={(event) => setParameters({ from: event.target.value, to: 'now' })}>
            {!Object.values(RANGES).includes(from) && <option value={from}>{`${from} to ${to}`}</option>}
            {Object.entries(RANGES).map(([name, value]) => <option key={value} value={value}>{`Last ${name}`}</option>)}
          </select>
          <select aria-label="Refresh" value={refresh} onChange={(event) => setParameters({ refresh: event.target.value })}>
            {[...new Set([...REFRESHES, refresh])].map((one) => <option key={one} value={one}>{one ? `Refresh ${one}` : 'No refresh'}</option>)}
          </select>
          <button onClick={() => setTurn(turn + 1)}>Refresh now</button>
          <button onClick={() => setParameters({ theme: dark ? 'light' : 'dark' })}>{dark ? 'Light' : 'Dark'}</button>
        </header>
        {state?.error && <p className="message failed">{state.error}</p>}
        {state?.scope && <Grid dashboard={dashboard} state={state} parameters={parameters} />}
      </div>
    </ThemeContext.Provider>
  );
}

function Chooser({ variable, options, value, onChange }) {
  const choices = [...(variable.includeAll ? [ALL] : []), ...options];
  const label = variable.label || variable.name;
  return (
    <label>
      {label}
      {variable.type === 'textbox' ? <input defaultValue={value[0]} onBlur={(event) => onChange([event.target.value])} /> : (
        <select value={value[0]} onChange={(event) => onChange([event.target.value])}>
          {value.length > 1 && <option value={value[0]}>{value.join(' + ')}</option>}
          {choices.map((one) => <option key={one} value={one}>{one === ALL ? 'All' : one}</option>)}
        </select>
      )}
    </label>
  );
}

function DashboardLinks({ dashboards, dashboard, scope }) {
  return (dashboard.links ?? []).flatMap((link) => {
    const parameters = [link.keepTime && replace('${__url_time_range}', scope), link.includeVars && replace('${__all_variables}', scope)].filter(Boolean).join('&');
    const targets = link.type === 'dashboards'
      ? dashboards.filter((one) => one.uid !== dashboard.uid && (link.tags ?? []).every((tag) => one.tags?.includes(tag))).map((one) => [one.title, `/d/${one.uid}`])
      : [[link.title, replace(link.url, scope)]];
    return targets.map(([title, url]) => (
      <a key={url + title} href={parameters ? `${url}${url.includes('?') ? '&' : '?'}${parameters}` : url} target={link.targetBlank ? '_blank' : undefined} title={link.tooltip || undefined}>{title}</a>
    ));
  });
}

function Grid({ dashboard, state, parameters }) {
  const [box, width] = useWidth();
  const [toggled, setToggled] = useState({});
  const open = (row) => toggled[row.id] ?? (parameters.get('rows') === 'open' || !row.collapsed);
  const only = parameters.get('viewPanel')?.replace(/^panel-/, '');
  const everything = dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  const laid = only ? everything.filter((panel) => `${panel.id}` === only).map((panel) => ({ panel, x: 0, y: 0, w: COLUMNS, h: 20 })) : layOut(dashboard.panels, open);
  const wide = (width - GAP * (COLUMNS - 1)) / COLUMNS;
  const bottom = Math.max(...laid.map(({ y, h }) => y + h), 1);

  // Said to whoever takes a picture: everything on the page has been asked and drawn.
  const loaded = useRef(0);
  const expected = laid.filter(({ panel }) => panel.type !== 'row').length;
  const onLoaded = useCallback((panels = 1) => {
    loaded.current += panels;
    if (loaded.current >= expected) {
      requestAnimationFrame(() => requestAnimationFrame(() => { document.documentElement.dataset.drawn = loaded.current; }));
    }
  }, [expected]);
  useEffect(() => onLoaded(0), [onLoaded]);
  const context = useMemo(() => ({ eventsScope: 'dashboard', eventBus: new EventBusSrv(), sync: () => dashboard.graphTooltip ?? 0, onToggleSeriesVisibility: undefined }), [dashboard]);

  return (
    <PanelContextProvider value={context}>
      <main ref={box} style={{ height: bottom * (ROW + GAP) }}>
        {only && laid.length === 0 && <p className="message failed">{`There is no panel ${only} on this dashboard.`}</p>}
        {width > 0 && laid.map(({ panel, x, y, w, h }) => {
          const place = { position: 'absolute', left: x * (wide + GAP), top: y * (ROW + GAP) };
          const own = w * wide + (w - 1) * GAP;
          return panel.type === 'row' ? (
            <button key={`row ${panel.id}`} className="section" style={{ ...place, width: own, height: ROW }} onClick={() => setToggled({ ...toggled, [panel.id]: !open(panel) })}>
              {open(panel) ? '▾' : '▸'} {replace(panel.title, state.scope)}
              {!open(panel) && <span className="count">{` (${panel.panels?.length ?? 0} panels)`}</span>}
            </button>
          ) : (
            <div key={`${panel.id} ${panel.title}`} style={place} data-panel={panel.id}>
              <Panel panel={panel} scope={state.scope} annotations={state.annotations} width={own} height={h * ROW + (h - 1) * GAP} timeZone={TIME_ZONE} onLoaded={onLoaded} />
            </div>
          );
        })}
      </main>
    </PanelContextProvider>
  );
}

// Panels at their places; a row that is opened or closed by hand moves what lies below it.
function layOut(panels, open) {
  const laid = [];
  let moved = 0;
  let hidden = false;
  for (const panel of [...panels].sort((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x)) {
    const { x, y, w, h } = panel.gridPos;
    if (panel.type !== 'row') {
      if (!hidden) {
        laid.push({ panel, x, y: y + moved, w, h });
      } else {
        moved = Math.min(moved, hidden.y + 1 - y - h);
      }
      continue;
    }
    hidden = false;
    laid.push({ panel, x: 0, y: y + moved, w: COLUMNS, h: 1 });
    if (!open(panel)) {
      hidden = panel.panels?.length ? false : { y: y + moved };
      continue;
    }
    const inside = panel.panels ?? [];
    const shift = y + 1 - Math.min(...inside.map((one) => one.gridPos.y), y + 1);
    inside.forEach((one) => laid.push({ panel: one, x: one.gridPos.x, y: one.gridPos.y + shift + moved, w: one.gridPos.w, h: one.gridPos.h }));
    moved += inside.length ? Math.max(...inside.map((one) => one.gridPos.y + one.gridPos.h)) + shift - y - 1 : 0;
  }
  return laid;
}

/** When something was true that the dashboard marks: stretches of time, each with its words and colour. */
async function annotationsOf(dashboard, scope) {
  const wanted = (dashboard.annotations?.list ?? []).filter((one) => one.enable !== false && (one.expr || one.target?.expr));
  const found = await Promise.all(wanted.map(async (one) => {
    const { step, variables } = intervals(scope.range, 500, one.step);
    const query = replace(one.expr ?? one.target.expr, { ...scope, intervals: variables, promql: true });
    const { result } = await ask('query_range', { query, start: seconds(scope.range.from), end: seconds(scope.range.to), step });
    return result.flatMap(({ metric, values }) => {
      const words = [one.titleFormat, one.textFormat].filter(Boolean).join(': ').replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => metric[label] ?? '');
      const stretches = [];
      for (const [time] of values.filter(([, value]) => Number(value))) {
        const last = stretches.at(-1);
        if (last && time * 1000 - last.to <= step * 1000) {
          last.to = time * 1000;
        } else {
          stretches.push({ from: time * 1000, to: time * 1000, color: one.iconColor ?? 'red', words });
        }
      }
      return stretches;
    });
  }));
  return found.flat();
}

function useParameters() {
  const [parameters, set] = useState(() => new URLSearchParams(location.search));
  return [parameters, (changes) => {
    const next = new URLSearchParams(location.search);
    for (const [name, values] of Object.entries(changes)) {
      next.delete(name);
      [values].flat().forEach((value) => next.append(name, value));
    }
    history.replaceState(null, '', `?${next}`);
    set(next);
  }];
}

function useWidth() {
  const box = useRef();
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

// Grafana's links have milliseconds for a fixed time.
function numeric(time) {
  return /^\d+$/.test(time) ? new Date(Number(time)).toISOString() : time;
}

const root = createRoot(document.getElementById('page'));
await initPluginTranslations('promethoide');
const dashboards = (await (await fetch('/dashboards')).json()).sort((a, b) => a.title.localeCompare(b.title));
const asked = location.pathname.match(/^\/d\/([^/]+)/)?.[1];
const dashboard = location.pathname === ALERTS ? ALERT_LIST : asked ? dashboards.find((one) => one.uid === asked) : (dashboards.find((one) => /overview/i.test(one.uid)) ?? dashboards[0]);
root.render(dashboard ? <Page dashboards={dashboards} dashboard={dashboard} /> : (
  <div className="message"><p>{asked ? `There is no dashboard ${asked}.` : 'There are no dashboards.'}</p>{dashboards.map((one) => <p key={one.uid}><a href={`/d/${one.uid}`}>{one.title}</a></p>)}</div>
));
