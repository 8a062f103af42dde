import { historiesOf } from "./suite";

historiesOf(2, 10);
