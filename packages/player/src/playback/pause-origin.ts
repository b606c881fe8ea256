/**
 * Time after the page was hidden in which a pause counts as the browser's own, in milliseconds. iOS
 * pauses every video at that moment.
 */
const hidingMs = 250

/** The facts that decide who has paused a video. */
export interface PauseFacts {
  /** Milliseconds since the page was hidden; `null` while it is visible. */
  hiddenForMs: number | null
  pictureInPicture: boolean
  /** True when nothing can be heard: browsers pause only silent videos in hidden pages. */
  silent: boolean
}

/**
 * True when the browser has paused the video by itself, to save energy in a hidden page. False for
 * a pause by the visitor: a media key, the system's media controls or the picture-in-picture window.
 */
export function isBrowserPause({ hiddenForMs, pictureInPicture, silent }: PauseFacts): boolean {
  if (hiddenForMs === null || pictureInPicture) return false
  return silent || hiddenForMs <= hidingMs
}

/** True when the video has no sound, or its sound is off. */
export function isSilent(video: HTMLVideoElement): boolean {
  if (video.muted || video.volume === 0) return true
  // Only Chromium has this property, and only Chromium pauses a silent video in a hidden page.
  return 'webkitAudioDecodedByteCount' in video && video.webkitAudioDecodedByteCount === 0
}

/** True while the video plays in a picture-in-picture window. */
export function isInPictureInPicture(video: HTMLVideoElement): boolean {
  const root = video.getRootNode()
  return 'pictureInPictureElement' in root && root.pictureInPictureElement === video
}
