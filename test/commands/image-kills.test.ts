import { ovh } from "../support/clouds";
import { imageKillsOn } from "./image-kills";

// Every change has two sides; the proof takes both.
imageKillsOn([ovh], (points) => points.filter(({ moment }) => moment === "after"));
