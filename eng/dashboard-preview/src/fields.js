// What Grafana's panels do to data before they draw it: defaults, overrides, transformations.
import {
  FieldConfigOptionsRegistry, applyFieldOverrides, cacheFieldDisplayNames, standardTransformers, standardTransformersRegistry, transformDataFrame,
} from '@grafana/data';
import { lastValueFrom } from 'rxjs';

// By id: one is listed under two names.
const transformers = new Map(Object.values(standardTransformers).map((one) => [one.id, { ...one, transformation: () => Promise.resolve(one) }]));
standardTransformersRegistry.setInit(() => [...transformers.values()]);

export async function transform(frames, transformations, interpolate) {
  const active = (transformations ?? []).filter((one) => !one.disabled);
  for (const { id } of active) {
    if (!standardTransformersRegistry.getIfExists(id)) {
      throw new Error(`The preview does not know the transformation ${id}.`);
    }
  }
  return active.length ? lastValueFrom(transformDataFrame(active, frames, { interpolate })) : frames;
}

const STANDARD = ['unit', 'min', 'max', 'decimals', 'displayName', 'noValue', 'thresholds', 'mappings', 'color', 'links', 'fieldMinMax', 'filterable'];

// What a panel's editor saves for whatever its author did not touch.
const CUSTOM = {
  timeseries: {
    drawStyle: 'line', lineInterpolation: 'linear', lineWidth: 1, fillOpacity: 0, gradientMode: 'none', spanNulls: false, showPoints: 'auto', pointSize: 5,
    stacking: { mode: 'none', group: 'A' }, axisPlacement: 'auto', axisLabel: '', axisColorMode: 'text', barAlignment: 0, scaleDistribution: { type: 'linear' },
    thresholdsStyle: { mode: 'off' }, hideFrom: { tooltip: false, viz: false, legend: false },
  },
  table: { align: 'auto', cellOptions: { type: 'auto' }, inspect: false },
};

export function applyConfig(panel, frames, theme, timeZone, replaceVariables) {
  const { defaults = {}, overrides = [] } = panel.fieldConfig ?? {};
  const custom = { ...CUSTOM[panel.type], ...defaults.custom };
  const fieldConfig = {
    defaults: {
      ...defaults,
      custom,
      color: defaults.color ?? { mode: ['timeseries', 'piechart'].includes(panel.type) ? 'palette-classic' : 'thresholds' },
      thresholds: withFloor(defaults.thresholds) ?? { mode: 'absolute', steps: [{ value: -Infinity, color: 'green' }, { value: 80, color: 'red' }] },
    },
    overrides: overrides.map((rule) => ({
      ...rule,
      properties: rule.properties.map((one) => (one.id === 'thresholds' ? { ...one, value: withFloor(one.value) } : one)),
    })),
  };
  const customIds = new Set([...Object.keys(custom), ...overrides.flatMap((rule) => rule.properties).filter(({ id }) => id.startsWith('custom.')).map(({ id }) => id.slice(7))]);
  const registry = new FieldConfigOptionsRegistry(() => [
    ...STANDARD.map((id) => item(id, id, false)),
    ...[...customIds].map((path) => item(`custom.${path}`, path, true)),
  ]);
  const configured = applyFieldOverrides({ data: frames, fieldConfig, fieldConfigRegistry: registry, replaceVariables, theme, timeZone });
  cacheFieldDisplayNames(configured);
  return { fieldConfig, frames: configured };
}

function item(id, path, isCustom) {
  return { id, path, isCustom, name: id, process: (value, context) => (id === 'displayName' && value ? context.replaceVariables(value, context.field?.state?.scopedVars) : value), shouldApply: () => true };
}

// JSON has no -Infinity: the lowest step is written null.
function withFloor(thresholds) {
  return thresholds && { ...thresholds, steps: thresholds.steps.map((step) => ({ ...step, value: step.value ?? -Infinity })) };
}
