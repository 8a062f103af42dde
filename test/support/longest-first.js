const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Jest starts with the largest files while it knows no durations, and the longest tests are the
 * smallest files: started last, they would keep one worker waiting for the other.
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
