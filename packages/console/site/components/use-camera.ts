import type { RefObject } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { useText } from '../i18n/language.ts';
import { CameraGone, openCamera } from '../recording/open-camera.ts';

export interface Camera {
  readonly stream?: MediaStream;
  /** Why there is none, and what to do. */
  readonly problem?: string;
  /** All that may be chosen from; their names are known once one was allowed. */
  readonly devices: readonly MediaDeviceInfo[];
  choose(deviceId: string): void;
  retry(): void;
}

/** Shows the camera in a video element for as long as it is there, and lets go of it afterwards. */
export function useCamera(video: RefObject<HTMLVideoElement | null>): Camera {
  const problemOf = useProblem();
  const [state, setState] = useState<{ stream?: MediaStream; error?: unknown }>({});
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const [wanted, setWanted] = useState<{ readonly deviceId?: string }>({});
  useEffect(() => {
    let gone = false;
    let opened: MediaStream | undefined;
    const stop = () => {
      for (const track of opened?.getTracks() ?? []) track.stop();
    };
    const lost = () => !gone && setState({ error: new CameraGone() });
    openCamera(wanted.deviceId, lost).then(
      async (stream) => {
        opened = stream;
        if (gone) return stop();
        if (video.current) {
          video.current.srcObject = stream;
          // Safari needs to be told; a page that was left meanwhile makes it fail.
          video.current.play().catch(() => {});
        }
        setState({ stream });
        const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
        if (!gone) setDevices(all.filter(({ kind }) => kind === 'videoinput'));
      },
      (error: unknown) => !gone && setState({ error }),
    );
    return () => {
      gone = true;
      stop();
    };
  }, [wanted]);
  const choose = useCallback((deviceId: string) => {
    // The camera before is let go of: nobody records from it meanwhile.
    setState({});
    setWanted({ deviceId });
  }, []);
  const retry = useCallback(() => {
    setState({});
    setWanted({});
  }, []);
  return {
    ...(state.stream && { stream: state.stream }),
    ...(state.error !== undefined && { problem: problemOf(state.error) }),
    devices,
    choose,
    retry,
  };
}

/** What a person can do about a camera that can't be used, by the name of the browser's error. */
function useProblem(): (error: unknown) => string {
  const t = useText();
  return (error) => {
    if (error instanceof CameraGone) return t('The camera went away. Connect it, then try again.');
    switch ((error as Error | undefined)?.name) {
      case 'SecurityError':
        return t('Browsers give pages a camera over HTTPS and on localhost only: open this page there.');
      case 'NotAllowedError':
        return t(
          'The camera was not allowed. Allow it for this page (the sign beside the address), then try again.',
        );
      case 'NotFoundError':
      case 'OverconstrainedError':
        return t('There is no such camera. Connect one, or check a video from a file.');
      case 'NotReadableError':
      case 'AbortError':
        return t('The camera does not start. Close other programs and pages that use it, then try again.');
      default:
        return error instanceof Error ? error.message : String(error);
    }
  };
}
