const { sin, cos, PI } = Math;

/** How a printed photo is held at one moment. Lengths are in widths of the photo, angles in degrees. */
export interface Pose {
  readonly yaw?: number;
  readonly pitch?: number;
  readonly roll?: number;
  /** The point of the photo about which it is turned; its middle when left out. */
  readonly about?: readonly [number, number];
  /** Where that point is, and by how much it is nearer than usual (1: half as far). */
  readonly x?: number;
  readonly y?: number;
  readonly near?: number;
  /** Curvature (one over the radius) of the cylinder that it is bent to; > 0 bulges towards the camera. */
  readonly bend?: number;
  /** Direction along which it is bent: 0 like a column, 90 like a roof. */
  readonly along?: number;
}

/** The camera's focal length over the picture's shorter side, and how far the photo is held, in its widths. */
const focal = 1.2;
const distance = 1.35;

type Vector = readonly [number, number, number];

/** Where on a square photo the ray through a point of the picture meets it: an exact cast onto a plane or cylinder. */
export function held(pose: Pose): (x: number, y: number) => readonly [number, number] | undefined {
  const radians = (degrees = 0) => (degrees * PI) / 180;
  const [yaw, pitch, roll, along] = [pose.yaw, pose.pitch, pose.roll, pose.along].map(radians) as [
    number,
    number,
    number,
    number,
  ];
  // Into the photo's own directions: the inverse of roll · pitch · yaw.
  const inward = ([x, y, z]: Vector): Vector => {
    const [x1, y1] = [cos(roll) * x + sin(roll) * y, cos(roll) * y - sin(roll) * x];
    const [y2, z2] = [cos(pitch) * y1 + sin(pitch) * z, cos(pitch) * z - sin(pitch) * y1];
    return [cos(yaw) * x1 + sin(yaw) * z2, y2, cos(yaw) * z2 - sin(yaw) * x1];
  };
  const far = distance / (1 + (pose.near ?? 0));
  const [px, py] = pose.about ?? [0, 0];
  const [ix, iy, oz] = inward([-(pose.x ?? 0), -(pose.y ?? 0), -far]);
  const [ox, oy] = [ix + px, iy + py];
  const bend = pose.bend ?? 0;
  return (x, y) => {
    const [dx, dy, dz] = inward([x / focal, y / focal, 1]);
    // Along the bend and across it.
    const [os, ot] = [cos(along) * ox + sin(along) * oy, cos(along) * oy - sin(along) * ox];
    const [ds, dt] = [cos(along) * dx + sin(along) * dy, cos(along) * dy - sin(along) * dx];
    for (const way of meetings(os, oz, ds, dz, bend)) {
      const s = arc(os + way * ds, oz + way * dz, bend);
      const t = ot + way * dt;
      const u = cos(along) * s - sin(along) * t;
      const v = sin(along) * s + cos(along) * t;
      if (Math.abs(u) <= 0.5 && Math.abs(v) <= 0.5) return [u, v];
    }
    return undefined;
  };
}

/** How far along a ray it meets the photo's cross-section: the circle s² + (z − 1/bend)² = 1/bend², or z = 0. */
function meetings(os: number, oz: number, ds: number, dz: number, bend: number): number[] {
  if (Math.abs(bend) < 1e-3) return Math.abs(dz) < 1e-9 ? [] : [-oz / dz];
  const b = os * ds + oz * dz - dz / bend;
  const a = ds * ds + dz * dz;
  const c = os * os + oz * oz - (2 * oz) / bend;
  const root = b * b - a * c;
  if (root < 0) return [];
  const middle = -b / a;
  const half = Math.sqrt(root) / a;
  return [middle - half, middle + half].filter((way) => way > 0);
}

/** Length along the bent photo from its middle. */
function arc(s: number, z: number, bend: number): number {
  if (Math.abs(bend) < 1e-3) return s;
  return Math.atan2(s * bend, 1 - z * bend) / bend;
}
