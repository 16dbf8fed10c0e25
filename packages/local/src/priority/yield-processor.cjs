const { readlinkSync } = require('node:fs');
const { getPriority, setPriority } = require('node:os');
const { basename } = require('node:path');

/** A thirtieth of the processor's time against a thread of normal priority; all of it where none wants any. */
const niceness = 15;
const lowest = 19;

/**
 * Lets all other threads of the machine go first: this one's work is long, theirs is to answer at once. So do threads that it
 * starts from then on, such as onnxruntime's. Linux alone has a priority for each thread; elsewhere nothing changes.
 */
function yieldProcessor() {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(thread, Math.min(getPriority(thread) + niceness, lowest));
  } catch {
    // A sandbox that forbids it: then all are alike.
  }
}

module.exports = { yieldProcessor };
