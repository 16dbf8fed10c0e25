import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Api } from '../api/api.ts';
import { Listeners } from '../api/listeners.ts';
import type { FaceSetInfo, SetFace } from '../api/responses.ts';
import { type Photo, preparePhoto } from '../photos/photo.ts';
import type { FacePhotos, PathFile } from '../pictures/face-photos.ts';
import { addRequest } from './add-request.ts';
import {
  type Checked,
  CheckedBefore,
  checkPhoto,
  facesOfPhoto,
  isRefusal,
  isWithoutAnswer,
  severity,
} from './check.ts';
import { type Layout, likelyLayout, type PlannedPhoto, pathField, planOf } from './plan.ts';
import { joined, readSource, type Source } from './source.ts';
import { PauseController, tryAgain, workThrough } from './work-through.ts';

/** As long as a service works on a request, unless its operator says otherwise (FRS_REQUEST_SECONDS). */
const longestRequestMs = 60_000;
const askAgainMs = 5000;

/** A photo on its way into the set. */
export interface Candidate {
  readonly planned: PlannedPhoto;
  readonly checked?: Checked;
  /** It is to be enrolled. */
  readonly wanted: boolean;
  readonly state: 'planned' | 'working' | 'added' | 'failed';
  readonly faceId?: string;
  /** Of the enrolment, or of a check that can be repeated. */
  readonly error?: unknown;
  /** It was sent, and no answer came: the set may hold it, or come to hold it. */
  readonly unanswered?: Unanswered | undefined;
}

interface Unanswered {
  /** When its answer was given up, by `performance.now()`. */
  readonly at: number;
  readonly error: unknown;
}

export interface Progress {
  readonly what: 'checking' | 'enrolling';
  readonly done: number;
  readonly all: number;
  /** Milliseconds since the beginning, pauses included. */
  readonly elapsedMs: number;
  readonly paused: boolean;
}

interface RunState {
  readonly source?: Source;
  readonly layout: Layout;
  /** Values of every photo, as typed. */
  readonly common: Readonly<Record<string, string>>;
  /** Faces that hold too little of a person are refused by the service too. */
  readonly strict: boolean;
  readonly candidates: readonly Candidate[];
  readonly progress?: Progress | undefined;
  /** Chosen files are being read: what they bring is planned next. */
  readonly isReading: boolean;
}

const fresh: RunState = {
  layout: { kind: 'folder' },
  common: {},
  strict: true,
  candidates: [],
  isReading: false,
};

/** Checks photos, then enrols those that are wanted; both can be paused and ended. It goes on whatever page is shown. */
export class EnrolmentRun {
  readonly #api: Api;
  readonly #facePhotos: FacePhotos;
  #info: FaceSetInfo;
  #state = fresh;
  #controller: PauseController | undefined;
  #before = new CheckedBefore();
  /** This run has put faces into the set, whatever it held when the page was loaded. */
  #hasAdded = false;
  readonly #listeners = new Listeners();

  constructor(api: Api, facePhotos: FacePhotos, info: FaceSetInfo) {
    this.#api = api;
    this.#facePhotos = facePhotos;
    this.#info = info;
  }

  get state(): RunState {
    return this.#state;
  }

  /** The set as it is by now. */
  renew(info: FaceSetInfo): void {
    this.#info = info;
  }

  /** Adds to what has been chosen before; nothing while photos are checked or enrolled. @throws Error of a ZIP that can't be read */
  async addFiles(files: readonly PathFile[]): Promise<void> {
    if (this.#state.progress || this.#state.isReading) return;
    this.#set({ isReading: true });
    try {
      const source = joined(this.#state.source, await readSource(files));
      this.#plan({ source, layout: likelyLayout(source.photos) });
    } finally {
      this.#set({ isReading: false });
    }
  }

  /** Plans again. */
  arrange(part: Partial<Pick<RunState, 'layout' | 'common'>>): void {
    this.#plan(part);
  }

  beStrict(strict: boolean): void {
    this.#set({ strict });
  }

  clear(): void {
    this.end();
    this.#before = new CheckedBefore();
    this.#state = fresh;
    this.#set({ progress: undefined });
  }

  choose(number: number, wanted: boolean): void {
    this.#change(number, { wanted });
  }

  async check(): Promise<void> {
    const set = { name: this.#info.face_set_name, isEmpty: this.#info.face_number === 0 && !this.#hasAdded };
    const before = this.#before;
    const items = this.#state.candidates.filter(({ state, checked }) => state === 'planned' && !checked);
    await this.#work('checking', items, async ({ planned }, controller) => {
      try {
        const checked = await tryAgain(controller, () => checkPhoto(this.#api, set, planned, before));
        const wanted = checked.findings.every((one) => severity(one) === 'note');
        this.#change(planned.number, { checked, wanted, error: undefined });
      } catch (error) {
        // Of the service, not of the photo: unchecked, so that it can be checked again.
        this.#change(planned.number, { wanted: false, error });
      }
    });
  }

  async enrol(): Promise<void> {
    const { candidates, strict } = this.#state;
    const { face_set_name: set, external_fields } = this.#info;
    const items = candidates.filter(({ state, wanted }) => wanted && state !== 'added');
    await this.#work('enrolling', items, async ({ planned, checked, unanswered }, controller) => {
      this.#change(planned.number, { state: 'working', error: undefined });
      let lost = unanswered;
      try {
        const photo = checked?.photo ?? (await preparePhoto(planned.file));
        const fields = { ...pathField(external_fields, planned.path), ...planned.fields };
        const request = addRequest(set, photo, planned.id, fields, strict);
        const faceId = await tryAgain(controller, async () => {
          const there = lost && (await this.#addedMeanwhile(photo, planned, lost, controller));
          if (there !== undefined) return there;
          try {
            const { body } = await this.#api.call<{ faces: readonly SetFace[] }>(request);
            return body.faces[0]?.face_id ?? '';
          } catch (error) {
            if (isWithoutAnswer(error)) lost = { at: performance.now(), error };
            throw error;
          }
        });
        this.#hasAdded = true;
        this.#facePhotos.remember(faceId, planned.file);
        this.#change(planned.number, { state: 'added', faceId, unanswered: undefined });
      } catch (error) {
        this.#change(planned.number, { state: 'failed', error, unanswered: lost });
      }
    });
  }

  pause(): void {
    this.#controller?.pause();
    this.#setPaused(true);
  }

  resume(): void {
    this.#controller?.resume();
    this.#setPaused(false);
  }

  end(): void {
    this.#controller?.end();
  }

  listen(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Asks for the photo's face until the lost request's time is over: it may still be adding it.
   * @throws what the lost request threw, where the run is ended meanwhile
   */
  async #addedMeanwhile(
    photo: Photo,
    planned: PlannedPhoto,
    { at, error }: Unanswered,
    controller: PauseController,
  ): Promise<string | undefined> {
    while (true) {
      // Told before it asks: the last question comes after the end of the request's time.
      const isOver = isRefusal(error) || performance.now() - at >= longestRequestMs;
      const face = await this.#addedAlready(photo, planned);
      if (face !== undefined || isOver) return face;
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
      if (!(await controller.pass())) throw error;
    }
  }

  /** The face that an earlier request has added without its answer having come: of this very photo and id, and of no other photo of the run. */
  async #addedAlready(photo: Photo, { id }: PlannedPhoto): Promise<string | undefined> {
    const faces = await facesOfPhoto(this.#api, this.#info.face_set_name, photo, id);
    const known = new Set(this.#state.candidates.map(({ faceId }) => faceId));
    return faces.find(({ face_id }) => !known.has(face_id))?.face_id;
  }

  #plan(part: Partial<RunState>): void {
    const { source, layout, common } = { ...this.#state, ...part };
    const fields = this.#info.external_fields;
    const planned = source ? planOf(source.photos, layout, fields, source.table, common) : [];
    this.#before = new CheckedBefore();
    this.#set({
      ...part,
      candidates: planned.map((one) => ({
        planned: one,
        wanted: one.wrong.length === 0 && one.sharedWith === undefined,
        state: 'planned',
      })),
    });
  }

  async #work(
    what: Progress['what'],
    items: readonly Candidate[],
    work: (item: Candidate, controller: PauseController) => Promise<void>,
  ): Promise<void> {
    if (this.#state.isReading) return;
    const controller = new PauseController();
    this.#controller = controller;
    const begun = performance.now();
    let done = 0;
    const tell = () => {
      const elapsedMs = performance.now() - begun;
      if (this.#controller === controller) {
        this.#set({ progress: { what, done, all: items.length, elapsedMs, paused: controller.paused } });
      }
    };
    tell();
    await workThrough(items, controller, async (item) => {
      await work(item, controller);
      done += 1;
      tell();
    });
    if (this.#controller === controller) this.#set({ progress: undefined });
  }

  #setPaused(paused: boolean): void {
    const { progress } = this.#state;
    if (progress) this.#set({ progress: { ...progress, paused } });
  }

  #change(number: number, part: Partial<Candidate>): void {
    const change = (one: Candidate) => (one.planned.number === number ? { ...one, ...part } : one);
    this.#set({ candidates: this.#state.candidates.map(change) });
  }

  #set(part: Partial<RunState>): void {
    this.#state = { ...this.#state, ...part };
    this.#listeners.tell();
  }
}

/** The enrolments of this tab, one a set: a page that is left and opened again finds its own as it has gone on. */
export class Enrolments {
  readonly #runs = new Map<string, EnrolmentRun>();
  readonly #api: Api;
  readonly #facePhotos: FacePhotos;
  readonly #listeners = new Listeners();

  constructor(api: Api, facePhotos: FacePhotos) {
    this.#api = api;
    this.#facePhotos = facePhotos;
  }

  of(info: FaceSetInfo): EnrolmentRun {
    const known = this.#runs.get(info.face_set_id);
    known?.renew(info);
    if (known) return known;
    const run = new EnrolmentRun(this.#api, this.#facePhotos, info);
    run.listen(() => this.#listeners.tell());
    this.#runs.set(info.face_set_id, run);
    return run;
  }

  get isRunning(): boolean {
    return [...this.#runs.values()].some(({ state }) => state.progress !== undefined);
  }

  /** No request follows those that are on their way. */
  endAll(): void {
    for (const run of this.#runs.values()) run.end();
  }

  listen(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }
}

export const EnrolmentsContext = createContext<Enrolments | undefined>(undefined);

/** A set's enrolment, and the page drawn again when it has come further. */
export function useEnrolment(info: FaceSetInfo): EnrolmentRun {
  const enrolments = useContext(EnrolmentsContext) as Enrolments;
  const run = enrolments.of(info);
  const [, setState] = useState(run.state);
  useEffect(() => run.listen(() => setState(run.state)), [run]);
  return run;
}
