// The options and field options of the kinds of panel that the dashboards have. A new kind is added here.
import type { Options as BarGauge } from '@grafana/schema/dist/types/raw/composable/bargauge/panelcfg/x/types.gen';
import type { FieldConfig as HeatmapField, Options as Heatmap } from '@grafana/schema/dist/types/raw/composable/heatmap/panelcfg/x/types.gen';
import type { Options as Stat } from '@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/types.gen';
import type { FieldConfig as StateTimelineField, Options as StateTimeline } from '@grafana/schema/dist/types/raw/composable/statetimeline/panelcfg/x/types.gen';
import type { FieldConfig as TableField, Options as Table } from '@grafana/schema/dist/types/raw/composable/table/panelcfg/x/types.gen';
import type { Options as Text } from '@grafana/schema/dist/types/raw/composable/text/panelcfg/x/types.gen';
import type { FieldConfig as TimeSeriesField, Options as TimeSeries } from '@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/types.gen';

export interface Kinds {
  bargauge: { options: Partial<BarGauge>; custom: {} };
  heatmap: { options: Partial<Heatmap>; custom: Partial<HeatmapField> };
  stat: { options: Partial<Stat>; custom: {} };
  'state-timeline': { options: Partial<StateTimeline>; custom: Partial<StateTimelineField> };
  table: { options: Partial<Table>; custom: Partial<TableField> };
  text: { options: Partial<Text>; custom: {} };
  timeseries: { options: Partial<TimeSeries>; custom: Partial<TimeSeriesField> };
}
