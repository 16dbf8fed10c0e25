/** Tells where a video is, in seconds, at each frame while it plays and whenever it jumps. @returns ends it */
export function followPlayback(
  video: Pick<HTMLVideoElement, 'currentTime' | 'paused' | 'addEventListener'>,
  tell: (seconds: number) => void,
): () => void {
  const over = new AbortController();
  let frame = 0;
  const follow = () => {
    // The events come while frames are asked for already: one chain of them is enough.
    cancelAnimationFrame(frame);
    tell(video.currentTime);
    if (!video.paused) frame = requestAnimationFrame(follow);
  };
  for (const event of ['play', 'seeked', 'timeupdate'])
    video.addEventListener(event, follow, { signal: over.signal });
  return () => {
    cancelAnimationFrame(frame);
    over.abort();
  };
}
