import type { FaceMesh, HeadPose } from '../geometry/frame.ts';
import { landmarks } from '../geometry/topology.ts';

const degrees = 180 / Math.PI;

/**
 * Where the head points, from the mesh's own depth: the axis from cheek to cheek gives roll and yaw, the one from
 * forehead to chin pitch, each after the rotations before it are undone (intrinsic roll, yaw, pitch). A neutral
 * face may show a pitch of −8° to +10°, by the shape of the head.
 */
export function headPose(mesh: FaceMesh): HeadPose {
  const across = between(mesh, landmarks.rightCheek, landmarks.leftCheek);
  const eyes = between(mesh, landmarks.rightEyeOuter, landmarks.leftEyeOuter);
  const down = between(mesh, landmarks.foreheadTop, landmarks.chin);
  const roll = Math.atan2(across.y + eyes.y, across.x + eyes.x);
  const flatAcross = turned(across, roll);
  const flatDown = turned(down, roll);
  // The left cheek is farther away when the head turns to the subject's left.
  const yaw = Math.atan2(flatAcross.z, flatAcross.x);
  const depth = flatDown.z * Math.cos(yaw) - flatDown.x * Math.sin(yaw);
  // The chin comes nearer when the head goes up.
  const pitch = Math.atan2(-depth, flatDown.y);
  return { yaw: yaw * degrees, pitch: pitch * degrees, roll: roll * degrees };
}

interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

function between(mesh: FaceMesh, from: number, to: number): Vector {
  const at = (index: number) => mesh.points[index] as number;
  return {
    x: at(to * 3) - at(from * 3),
    y: at(to * 3 + 1) - at(from * 3 + 1),
    z: at(to * 3 + 2) - at(from * 3 + 2),
  };
}

/** The vector turned back by `angle` in the picture's plane. */
function turned(vector: Vector, angle: number): Vector {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return { x: cos * vector.x + sin * vector.y, y: cos * vector.y - sin * vector.x, z: vector.z };
}
