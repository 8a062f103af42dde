import { stateIsEncrypted } from "../../commands/encryption";

stateIsEncrypted(true);
