import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../errors";
import { KubernetesError } from "../../kubernetes/kubernetes-error";
import { TalosError } from "../../talos/talos-error";
import { withoutSecrets } from "../../view/secrets";
import { NoConnection } from "./connection";

/** In milliseconds: an election, a restart of the bastion's ssh, an API server that is busy. */
const repetition = 2 * 60_000;

/**
 * Repeats work that gets no answer.
 * @throws UserError when it gets none for two minutes
 */
export async function repeated(work: () => Promise<void>): Promise<void> {
  const end = Date.now() + repetition;
  for (;;) {
    try {
      await work();
      return;
    } catch (problem) {
      if (!isUnanswered(problem)) throw problem;
      if (Date.now() < end) await pause(2000);
      else {
        throw new UserError(
          `The cluster does not answer: ${withoutSecrets(problem.message)}\n\nRun the same command again.`,
        );
      }
    }
  }
}

/** Whether the cluster gave no answer that says what is wrong. */
export function isUnanswered(problem: unknown): problem is Error {
  return (
    problem instanceof NoConnection ||
    problem instanceof TalosError ||
    problem instanceof KubernetesError
  );
}

/** The message for a user where a call to the cluster ended a run. @returns other problems as they are */
export function explained(problem: unknown): unknown {
  if (!isUnanswered(problem)) return problem;
  return new UserError(
    `The cluster did not do what it was asked: ${withoutSecrets(problem.message)}\n\n` +
      "Run the same command again: it goes on from here.",
  );
}
