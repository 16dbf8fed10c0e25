import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Shows the camera in a video element for as long as it is there, and lets go of it afterwards. */
export function useCamera(video: RefObject<HTMLVideoElement | null>): {
  stream?: MediaStream;
  problem?: string;
} {
  const [state, setState] = useState<{ stream?: MediaStream; problem?: string }>({});
  useEffect(() => {
    let gone = false;
    let opened: MediaStream | undefined;
    const stop = () => {
      for (const track of opened?.getTracks() ?? []) track.stop();
    };
    openCamera().then(
      (stream) => {
        opened = stream;
        if (gone) return stop();
        if (video.current) video.current.srcObject = stream;
        setState({ stream });
      },
      (error: Error) => setState({ problem: error.message }),
    );
    return () => {
      gone = true;
      stop();
    };
  }, []);
  return state;
}

/** Browsers offer it on this machine and over HTTPS only. */
async function openCamera(): Promise<MediaStream> {
  return await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'user', width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { max: 30 } },
  });
}
