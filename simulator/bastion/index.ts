export { type BastionOptions, type PrivateNetwork, SimulatedBastion } from "./bastion";
