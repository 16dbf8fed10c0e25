import { channel } from 'node:diagnostics_channel';

/** A channel of `node:diagnostics_channel` with a type: who publishes pays next to nothing while nobody listens. */
export interface Channel<Message extends object> {
  readonly isWatched: boolean;
  publish(message: Message): void;
  /** Listeners are called in the publisher's own turn and context. @returns what ends it */
  watch(listener: (message: Message) => void): () => void;
}

/** @param name of it among all of the process: what is published under it in one package, others may watch */
export function openChannel<Message extends object>(name: string): Channel<Message> {
  const opened = channel(`openfrs:${name}`);
  return {
    get isWatched() {
      return opened.hasSubscribers;
    },
    publish: (message) => opened.publish(message),
    watch(listener) {
      const take = (message: unknown) => listener(message as Message);
      opened.subscribe(take);
      return () => void opened.unsubscribe(take);
    },
  };
}
