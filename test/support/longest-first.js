const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Jest begins with the largest files where it knows no durations yet, and the longest tests are the
 * smallest files: begun last, they would keep one worker waiting for the other.
 */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const isLong = ({ path }) =>
      /\/test\/(proofs\/(faults|histories|networks|kills|commands)|faults|histories|engine|commands|tunnel|bastion)\//.test(
        path,
      );
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
