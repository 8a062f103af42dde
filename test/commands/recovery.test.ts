/** One lifecycle for each kind of recovery; all of them are in test/proofs/commands. */
import { scaleway } from "../support/clouds";
import { keysAreLeftNowhereElse } from "./keys-left";
import { truncatedStateIsRepaired } from "./truncated-state";
import { whatIsNotThereIsNotAskedForAgain } from "./unresolved";

keysAreLeftNowhereElse();
truncatedStateIsRepaired([["half", 3000, scaleway]]);
whatIsNotThereIsNotAskedForAgain();
