import { historiesOf } from "./suite";

historiesOf(3, 10);
