import type { EnrolmentOutcome, Upload } from '../ports/enrolments.ts';
import { type EnrolPorts, enrolUpload } from './enrol-upload.ts';
import { readUploadKey } from './upload-key.ts';

/**
 * Tries an upload again that was given up, once however many do it at a time. What was refused is tried as a version of its own,
 * right behind the first: a photo that was replaced or deleted since stays ahead of it.
 * @returns what came of it; undefined where its key names no project, whose log would have it
 * @throws what failed for a moment: it may be tried again
 */
export async function retryUpload(upload: Upload, ports: EnrolPorts): Promise<EnrolmentOutcome | undefined> {
  const reading = readUploadKey(upload.key);
  const projectId = reading.kind === 'photo' ? reading.key.projectId : reading.projectId;
  if (projectId === undefined) {
    await enrolUpload(upload, ports);
    return undefined;
  }
  const known = await ports.enrolments.outcome(projectId, upload);
  if (known !== undefined && known.state !== 'refused') return known;
  // Sequencers of any length are compared as hexadecimal fractions: one digit more is the next version.
  const again = known === undefined ? upload : { ...upload, version: `${upload.version}1` };
  await enrolUpload(again, ports);
  return await ports.enrolments.outcome(projectId, again);
}
