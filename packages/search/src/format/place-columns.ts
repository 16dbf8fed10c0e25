import { type Column, Columns } from '../columns/columns.ts';
import { Dictionary, StringColumn } from '../columns/string-column.ts';
import { ValueColumn } from '../columns/value-column.ts';
import { type ContiguousRows, contiguousRows } from '../contiguous-rows.ts';
import type { Region } from '../region.ts';
import type { IndexSpec } from '../types.ts';
import { externalImageId, type Layout } from './layout.ts';

/** The columns as views of a segment file that lies in a region. */
export function placeColumns(region: Region, layout: Layout, spec: IndexSpec, rows: number): Columns {
  const { buffer, base } = region;
  const at = (name: string) => base + layout.sections.get(name)!.offset;
  const strings = (name: string) => {
    const dictionary = new Dictionary(
      new Uint8Array(buffer, at(`${name}.utf8`), layout.sections.get(`${name}.utf8`)!.length),
      new Uint32Array(buffer, at(`${name}.ends`), layout.sections.get(`${name}.ends`)!.length / 4),
    );
    return new StringColumn(new Uint32Array(buffer, at(`${name}.codes`), rows), dictionary);
  };
  const fields = new Map<string, Column>();
  for (const [name, type] of Object.entries(spec.fields)) {
    fields.set(
      name,
      type === 'string'
        ? strings(name)
        : ValueColumn.at(type, buffer, at(`${name}.values`), at(`${name}.present`), rows),
    );
  }
  return new Columns(
    new Uint8Array(buffer, at('face_id'), rows * 8),
    new Int32Array(buffer, at('bounding_box'), rows * 4),
    strings(externalImageId),
    fields,
  );
}

/** The quantised rows as views of a segment file that lies in a region. */
export function placeCodes(region: Region, layout: Layout, stride: number): ContiguousRows {
  const at = (name: string) => region.base + layout.sections.get(name)!.offset;
  const rows = layout.sections.get('scales')!.length / 4;
  const places = { codesAt: at('codes'), scalesAt: at('scales'), errorsAt: at('errors') };
  return contiguousRows(region, rows, stride, places);
}
