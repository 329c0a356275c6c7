// A dashboard's variables: their values, and their place in queries, titles and links.
import { labelValues } from './prometheus.js';

export const ALL = '$__all';

/** The values of all variables, each with those among which to choose. Later ones may use earlier ones. */
export async function resolveVariables(dashboard, parameters, range) {
  const resolved = {};
  for (const variable of dashboard.templating?.list ?? []) {
    const options = await optionsOf(variable, resolved, range);
    const given = parameters.getAll(`var-${variable.name}`);
    const saved = [variable.current?.value].flat().filter((value) => value != null && value !== '');
    const usable = given.length ? given.map((value) => (value === 'All' ? ALL : value)) : saved;
    const known = usable.filter((value) => value === ALL || ['textbox', 'constant', 'datasource'].includes(variable.type) || options.includes(value));
    const value = known.length ? known : variable.includeAll ? [ALL] : options.slice(0, 1);
    resolved[variable.name] = { variable, options, value };
  }
  return resolved;
}

async function optionsOf(variable, resolved, range) {
  switch (variable.type) {
    case 'query': {
      const text = replace(typeof variable.query === 'string' ? variable.query : (variable.query?.query ?? variable.definition ?? ''), { resolved });
      const parts = text.match(/^label_values\((?:(.+),\s*)?([a-zA-Z_]\w*)\s*\)$/s);
      if (!parts) {
        throw new Error(`The variable ${variable.name} asks for ${text}; the preview knows label_values(…) only.`);
      }
      const values = await labelValues(parts[1]?.trim(), parts[2], range);
      const pattern = variable.regex && new RegExp(variable.regex.replace(/^\/|\/[a-z]*$/g, ''));
      return pattern ? values.filter((value) => pattern.test(value)) : values;
    }
    case 'custom':
    case 'interval':
      return (variable.query ?? '').split(',').map((word) => word.trim()).filter(Boolean);
    case 'datasource':
      return ['prometheus'];
    default:
      return [variable.query ?? ''];
  }
}

/**
 * Replaces $name, ${name}, ${name:format} and [[name]].
 * @param scope resolved: the variables; intervals: those of a query; range, dashboard: what built-in ones need; scopedVars: Grafana's, of a value or
 *   series; promql: whether the text is a query, where several values are an alternative
 */
export function replace(text, scope, format) {
  return String(text ?? '').replace(/\$\{([\w.]+)(?::(\w+))?\}|\$([a-zA-Z_]\w*)|\[\[(\w+)\]\]/g, (whole, braced, itsFormat, plain, old) => {
    const name = braced ?? plain ?? old;
    return valueOf(name, scope, itsFormat ?? format) ?? whole;
  });
}

function valueOf(name, scope, format) {
  const special = scope.intervals?.[name] ?? builtIn(name, scope);
  if (special !== undefined) {
    return special;
  }
  const found = scope.resolved?.[name];
  if (!found) {
    return undefined;
  }
  const { variable, options, value } = found;
  if (format === 'queryparam') {
    return value.map((one) => `var-${name}=${encodeURIComponent(one)}`).join('&');
  }
  if (value.includes(ALL)) {
    return variable.allValue ?? several(options, format, scope);
  }
  return several(value, format, scope);
}

function several(values, format, scope) {
  if (scope.promql) {
    const escaped = values.map((value) => value.replace(/[\\^$.*+?()[\]{}|]/g, '\\\\$&'));
    return escaped.length === 1 ? escaped[0] : `(${escaped.join('|')})`;
  }
  return format === 'percentencode' ? encodeURIComponent(values.join(',')) : values.join(format === 'pipe' ? '|' : ', ');
}

function builtIn(name, { resolved, range, dashboard, scopedVars }) {
  switch (name) {
    case '__all_variables':
      return Object.entries(resolved ?? {}).flatMap(([key, { value }]) => value.map((one) => `var-${key}=${encodeURIComponent(one)}`)).join('&');
    case '__url_time_range':
      return `from=${encodeURIComponent(range.raw.from)}&to=${encodeURIComponent(range.raw.to)}`;
    case '__from':
      return `${range.from.valueOf()}`;
    case '__to':
      return `${range.to.valueOf()}`;
    case '__dashboard':
      return dashboard?.title;
    case '__range':
      return range && `${Math.round((range.to.valueOf() - range.from.valueOf()) / 1000)}s`;
    default:
      return ofValue(name, scopedVars);
  }
}

// ${__field.labels.x}, ${__series.name}, ${__value.text}, ${__data.fields.x}: of what was clicked.
function ofValue(name, scopedVars) {
  const context = scopedVars?.__dataContext?.value;
  if (!context || !name.startsWith('__')) {
    return undefined;
  }
  const { field, frame, rowIndex, calculatedValue } = context;
  const [root, ...path] = name.split('.');
  if (root === '__field' || root === '__series') {
    return path[0] === 'labels' ? (field.labels?.[path.slice(1).join('.')] ?? '') : (field.state?.displayName ?? field.config.displayNameFromDS ?? field.name);
  }
  const raw = calculatedValue ? calculatedValue.numeric : field.values[rowIndex ?? 0];
  if (root === '__value') {
    return path[0] === 'time' ? `${frame.fields[0].values[rowIndex ?? 0]}` : path[0] === 'text' ? `${field.display?.(raw).text ?? raw}` : `${raw}`;
  }
  if (root === '__data') {
    const wanted = path.slice(1).join('.');
    return `${frame.fields.find((one) => one.name === wanted || one.config.displayName === wanted)?.values[rowIndex ?? 0] ?? ''}`;
  }
  return undefined;
}
