import { stateIsEncrypted } from "./encryption";

stateIsEncrypted(false);
