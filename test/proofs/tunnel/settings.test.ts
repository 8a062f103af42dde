import { harmless, tunnelOpensWith } from "../../tunnel/harmless-settings";

tunnelOpensWith(harmless);
