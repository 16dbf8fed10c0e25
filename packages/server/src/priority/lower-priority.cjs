const { readdirSync, readlinkSync } = require('node:fs');
const { getPriority, setPriority } = require('node:os');
const { basename } = require('node:path');

const lowest = 19;

/**
 * Lets threads of normal priority go first: this one's work is long, theirs is to answer at once. So do threads that it
 * starts from then on, such as onnxruntime's. Linux alone has a priority for each thread; elsewhere nothing changes.
 * @param niceness 1..19, added to the thread's own. Against a thread of normal priority it leaves a share of about
 *   1 / (1 + 1.25 ** niceness) of a core: 25 % for 5, 3 % for 15 (sched(7)); all of it where none wants any
 */
function lowerThreadPriority(niceness) {
  lower(niceness, () => [basename(readlinkSync('/proc/thread-self'))]);
}

/** The same for all threads of this process, and the processes that they start. */
function lowerProcessPriority(niceness) {
  lower(niceness, () => readdirSync('/proc/self/task'));
}

function lower(niceness, threads) {
  if (process.platform !== 'linux') return;
  try {
    for (const thread of threads().map(Number)) {
      setPriority(thread, Math.min(getPriority(thread) + niceness, lowest));
    }
  } catch {
    // A sandbox that forbids it: then all are alike.
  }
}

module.exports = { lowerProcessPriority, lowerThreadPriority };
