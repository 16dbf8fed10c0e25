/** Its plug was pulled, or another program or the system has taken it. */
export class CameraGone extends Error {
  constructor() {
    super('The camera went away.');
  }
}

/**
 * A phone's camera at its front, unless another is chosen.
 * @param onGone the camera went away by itself: its stream is dead, and another one must be opened
 * @throws DOMException as getUserMedia; `SecurityError` where pages get no camera at all
 */
export async function openCamera(deviceId: string | undefined, onGone: () => void): Promise<MediaStream> {
  // Browsers offer it on this machine and over HTTPS only.
  if (!('mediaDevices' in navigator)) throw new DOMException('', 'SecurityError');
  const which = deviceId === undefined ? { facingMode: 'user' } : { deviceId: { exact: deviceId } };
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { ...which, width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { max: 30 } },
  });
  for (const track of stream.getVideoTracks()) track.addEventListener('ended', onGone);
  return stream;
}
