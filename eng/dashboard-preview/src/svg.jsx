// What Grafana's npm packages lack: heatmap, state timeline and gauge live in the Grafana program. Drawn plainly, in its colours.
import { FALLBACK_COLOR, dateTimeFormat, formattedValueToString, getFieldDisplayName } from '@grafana/data';

const AXIS = 20;

export function Heatmap({ frames, options, panel, width, height, range, theme, timeZone }) {
  const rows = frames.map((frame) => ({ name: getFieldDisplayName(frame.fields[1], frame, frames), times: frame.fields[0].values, values: frame.fields[1].values, step: frame.fields[0].config.interval }));
  const left = 12 + 7 * Math.max(...rows.map((row) => boundText(row.name, options, frames[0]).length));
  const plot = { x: left, y: 4, width: width - left - 8, height: height - AXIS - 26 };
  const most = Math.max(...rows.flatMap((row) => row.values.filter(Number.isFinite)), 0);
  const x = scale(range, plot);
  const tall = plot.height / rows.length;
  const every = Math.ceil(14 / tall);
  const steps = options.color?.steps ?? 64;
  const cell = (value) => heat(Math.ceil(Math.pow(value / most, options.color?.exponent ?? 0.5) * steps) / steps, theme);
  return (
    <svg width={width} height={height} role="img" aria-label={panel.title}>
      {rows.map((row, index) => {
        const y = plot.y + plot.height - (index + 1) * tall;
        return (
          <g key={row.name}>
            {index % every === 0 && <Text x={left - 6} y={y + tall / 2 + 4} anchor="end" theme={theme}>{boundText(row.name, options, frames[0])}</Text>}
            {row.times.map((time, at) => row.values[at] > 0 && (
              <rect key={time} x={x(time - row.step)} y={y} width={Math.max(1, x(time) - x(time - row.step) - 1)} height={Math.max(1, tall - 1)} fill={cell(row.values[at])}>
                <title>{`${dateTimeFormat(time, { timeZone })}\n≤ ${boundText(row.name, options, frames[0])}: ${row.values[at].toFixed(2)}`}</title>
              </rect>
            ))}
          </g>
        );
      })}
      <TimeAxis plot={plot} range={range} theme={theme} timeZone={timeZone} />
      <defs><linearGradient id={`heat-${panel.id}`}>{[0.05, 0.35, 0.65, 1].map((share) => <stop key={share} offset={share} stopColor={heat(share, theme)} />)}</linearGradient></defs>
      <rect x={left} y={height - 12} width={100} height={8} fill={`url(#heat-${panel.id})`} />
      <Text x={left + 106} y={height - 4} theme={theme}>{`0 to ${most.toPrecision(3)}`}</Text>
    </svg>
  );
}

function boundText(name, options, frame) {
  const number = Number(name);
  const unit = options.yAxis?.unit;
  return Number.isFinite(number) && unit && frame ? formattedValueToString(options.format(number, unit)) : name === '+Inf' ? '∞' : name;
}

// Of the empty cell's colour to orange, as Grafana's default scheme.
function heat(share, theme) {
  const low = theme.isDark ? [48, 42, 38] : [255, 240, 220];
  const high = theme.isDark ? [255, 152, 48] : [200, 60, 0];
  return `rgb(${low.map((part, index) => Math.round(part + (high[index] - part) * share)).join(',')})`;
}

export function StateTimeline({ frames, options, panel, width, height, range, theme, timeZone }) {
  const rows = frames.flatMap((frame) => frame.fields.slice(1).map((field) => ({ name: getFieldDisplayName(field, frame, frames), field, times: frame.fields[0].values, step: frame.fields[0].config.interval ?? 15000 })));
  const left = Math.min(width * 0.4, 12 + 6.6 * Math.max(...rows.map((row) => row.name.length)));
  const legend = options.legend?.showLegend !== false ? 20 : 0;
  const plot = { x: left, y: 2, width: width - left - 8, height: height - AXIS - legend };
  const x = scale(range, plot);
  const tall = plot.height / rows.length;
  const bar = tall * (options.rowHeight ?? 0.9);
  const seen = new Map();
  const drawn = rows.map((row, index) => {
    const y = plot.y + index * tall + (tall - bar) / 2;
    return (
      <g key={`${row.name} ${index}`}>
        <Text x={left - 6} y={y + bar / 2 + 4} anchor="end" theme={theme}><title>{row.name}</title>{row.name.length * 6.6 > left ? `…${row.name.slice(-Math.floor(left / 6.6) + 2)}` : row.name}</Text>
        {stretches(row).map(({ from, to, value }) => {
          const shown = row.field.display(value);
          const text = formattedValueToString(shown);
          const from0 = Math.max(from, range.from.valueOf());
          const wide = x(to) - x(from0);
          seen.set(text, shown.color ?? FALLBACK_COLOR);
          return wide > 0 && (
            <g key={from}>
              <rect x={x(from0)} y={y} width={Math.max(1, wide)} height={bar} fill={shown.color} fillOpacity={(row.field.config.custom?.fillOpacity ?? 70) / 100}>
                <title>{`${row.name}: ${text}\n${dateTimeFormat(from, { timeZone })} – ${dateTimeFormat(to, { timeZone })}`}</title>
              </rect>
              {options.showValue !== 'never' && wide > text.length * 7 + 6 && bar > 13 && <Text x={x(from0) + 5} y={y + bar / 2 + 4} fill={theme.colors.getContrastText(shown.color ?? FALLBACK_COLOR)} theme={theme}>{text}</Text>}
            </g>
          );
        })}
      </g>
    );
  });
  let at = left;
  return (
    <svg width={width} height={height} role="img" aria-label={panel.title}>
      {drawn}
      <TimeAxis plot={plot} range={range} theme={theme} timeZone={timeZone} />
      {legend > 0 && [...seen].map(([text, color]) => {
        const x0 = at;
        at += 34 + text.length * 6.6;
        return <g key={text}><rect x={x0} y={height - 12} width={14} height={4} rx={2} fill={color} /><Text x={x0 + 20} y={height - 6} theme={theme}>{text}</Text></g>;
      })}
    </svg>
  );
}

// Equal neighbours are one stretch; a missing sample ends it.
function stretches({ times, field, step }) {
  const found = [];
  times.forEach((time, index) => {
    const value = field.values[index];
    const last = found.at(-1);
    if (value == null) {
      return;
    }
    if (last && last.value === value && time - last.to <= step) {
      last.to = time + step;
    } else {
      found.push({ from: time, to: time + step, value });
    }
  });
  return found.map((one, index) => ({ ...one, to: Math.min(one.to, found[index + 1]?.from ?? times.at(-1)) }));
}

export function Gauge({ value, width, height, theme, showThresholds = true }) {
  const { display, field } = value;
  const labelled = display.title && height > 90;
  const room = height - (labelled ? 20 : 0);
  const radius = Math.max(10, Math.min(width / 2 - 8, room * 0.62));
  const centre = { x: width / 2, y: Math.min(room * 0.72, radius + 8) };
  const percent = Math.min(1, Math.max(0, display.percent ?? (display.numeric - (field.min ?? 0)) / ((field.max ?? 100) - (field.min ?? 0))));
  const text = formattedValueToString(display);
  const steps = (field.thresholds?.steps ?? []).map((step) => ({ color: theme.visualization.getColorByName(step.color), at: Math.min(1, Math.max(0, field.thresholds.mode === 'percentage' ? step.value / 100 : (step.value - (field.min ?? 0)) / ((field.max ?? 100) - (field.min ?? 0)))) }));
  return (
    <svg width={width} height={height} role="img" aria-label={`${display.title ?? ''} ${text}`}>
      <path d={arc(centre, radius * 0.84, 0, 1)} fill="none" stroke={theme.colors.background.secondary} strokeWidth={radius * 0.2} />
      {Number.isFinite(percent) && percent > 0 && <path d={arc(centre, radius * 0.84, 0, percent)} fill="none" stroke={display.color} strokeWidth={radius * 0.2} />}
      {showThresholds && steps.map((step, index) => {
        const to = steps[index + 1]?.at ?? 1;
        return to > step.at && <path key={index} d={arc(centre, radius * 0.98, step.at, to)} fill="none" stroke={step.color} strokeWidth={radius * 0.05} />;
      })}
      <text x={centre.x} y={centre.y + radius * 0.1} textAnchor="middle" fill={display.color} fontSize={Math.min(radius * 0.42, (radius * 2.1) / Math.max(4, text.length))} fontWeight="500">{text}</text>
      {labelled && <Text x={centre.x} y={height - 4} anchor="middle" theme={theme}>{display.title}</Text>}
    </svg>
  );
}

// From the lower left over the top to the lower right: 240 degrees.
function arc(centre, radius, from, to) {
  const point = (share) => {
    const angle = ((150 + share * 240) * Math.PI) / 180;
    return `${centre.x + radius * Math.cos(angle)} ${centre.y + radius * Math.sin(angle)}`;
  };
  return `M ${point(from)} A ${radius} ${radius} 0 ${(to - from) * 240 > 180 ? 1 : 0} 1 ${point(to)}`;
}

function TimeAxis({ plot, range, theme, timeZone }) {
  const span = range.to.valueOf() - range.from.valueOf();
  const wanted = span / Math.max(2, plot.width / 90);
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080].map((minutes) => minutes * 60000).find((one) => one >= wanted) ?? wanted;
  const format = span > 2 * 86400000 ? 'MM/DD HH:mm' : 'HH:mm';
  const x = scale(range, plot);
  const ticks = [];
  for (let time = Math.ceil(range.from.valueOf() / step) * step; time <= range.to.valueOf(); time += step) {
    ticks.push(time);
  }
  return ticks.map((time) => <Text key={time} x={x(time)} y={plot.y + plot.height + 15} anchor="middle" theme={theme}>{dateTimeFormat(time, { format, timeZone })}</Text>);
}

function Text({ x, y, anchor = 'start', fill, theme, children }) {
  return <text x={x} y={y} textAnchor={anchor} fill={fill ?? theme.colors.text.primary} fontSize="12" fontFamily={theme.typography.fontFamily}>{children}</text>;
}

function scale(range, plot) {
  const from = range.from.valueOf();
  return (time) => plot.x + ((Math.min(time, range.to.valueOf()) - from) / (range.to.valueOf() - from)) * plot.width;
}
