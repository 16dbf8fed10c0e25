import { type Column, Columns } from '../columns/columns.ts';
import { Dictionary, StringColumn } from '../columns/string-column.ts';
import { ValueColumn } from '../columns/value-column.ts';
import { type ContiguousRows, contiguousRows } from '../contiguous-rows.ts';
import type { Planes } from '../planes.ts';
import type { Region } from '../region.ts';
import type { Rotation } from '../rotation.ts';
import type { IndexSpec } from '../types.ts';
import { externalImageId, type Layout } from './layout.ts';

/** The columns as views of a segment file's sections. @param section its bytes, at a multiple of 8 */
export function placeColumns(
  section: (name: string) => Uint8Array<ArrayBuffer>,
  spec: IndexSpec,
  rows: number,
): Columns {
  const words = (name: string) => {
    const { buffer, byteOffset, byteLength } = section(name);
    return new Uint32Array(buffer, byteOffset, byteLength / 4);
  };
  const strings = (name: string) => {
    const dictionary = new Dictionary(section(`${name}.utf8`), words(`${name}.ends`));
    return new StringColumn(words(`${name}.codes`), dictionary);
  };
  const fields = new Map<string, Column>();
  for (const [name, type] of Object.entries(spec.fields)) {
    fields.set(
      name,
      type === 'string'
        ? strings(name)
        : ValueColumn.at(type, section(`${name}.values`), words(`${name}.present`)),
    );
  }
  const boxes = section('bounding_box');
  return new Columns(
    section('face_id'),
    new Int32Array(boxes.buffer, boxes.byteOffset, rows * 4),
    strings(externalImageId),
    fields,
  );
}

/** The quantised rows as views of a segment file that lies in a region, its byte `from` first. */
export function placeCodes(region: Region, layout: Layout, stride: number, from = 0): ContiguousRows {
  const at = (name: string) => region.base + layout.sections.get(name)!.offset - from;
  const rows = layout.sections.get('scales')!.length / 4;
  const places = { codesAt: at('codes'), scalesAt: at('scales'), errorsAt: at('errors') };
  if (layout.planes === undefined) return contiguousRows(region, rows, stride, places);
  const floats = (name: string) =>
    new Float32Array(region.buffer, at(name), layout.sections.get(name)!.length / 4);
  const { kernel } = region;
  const matrixAt = at('rotation');
  const rotation: Rotation = {
    ...rotationIn(layout.planes, floats),
    ...(kernel && { turn: (own) => kernel.turn(matrixAt, own) }),
  };
  return contiguousRows(region, rows, stride, places, { rotation, remaindersAt: at('remainders') });
}

/** The rotation of a segment's sections. */
export function rotationIn(planes: Planes, floats: (section: string) => Float32Array): Rotation {
  return { planes, matrix: floats('rotation'), spreads: floats('spreads') };
}
